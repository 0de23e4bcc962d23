import { PlatformError } from "@plinth/module";
import { lockFolder } from "./folder-lock.ts";

/*
 * A process that takes the lock on the folder that its argument names, says whether it could, and
 * lives on until it is killed. With the argument "hold" it only lives.
 */

const [folder = ""] = process.argv.slice(2);
setInterval(() => {}, 1000);
if (folder === "hold") process.stdout.write("holding\n");
else {
  const answer = await lockFolder(folder).then(
    () => "taken",
    (error: unknown) => (error instanceof PlatformError ? error.code : String(error)),
  );
  process.stdout.write(`${answer}\n`);
}
