import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { createManifestSchema } from "@plinth/kernel";

/*
 * A process that changes the plugins of a platform and is killed at its nth call that changes a file: before
 * it, or, when it writes, with half of it done. It prints how many such calls there were.
 */

const [task = "{}"] = process.argv.slice(2);
const { root, files, dieAt } = JSON.parse(task) as {
  readonly root: string;
  /** The files of the plugin to install; without them "sla" is removed. */
  readonly files?: Readonly<Record<string, string>>;
  readonly dieAt: number;
};

let calls = 0;

function dieNow(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("killed");
}

function counted<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Result,
  half?: (...args: Args) => void,
) {
  return (...args: Args): Result => {
    if (String(args[0]).startsWith(root)) {
      calls += 1;
      if (calls === dieAt) {
        half?.(...args);
        dieNow();
      }
    }
    return call(...args);
  };
}

const { mkdirSync, writeFileSync, renameSync, rmSync, linkSync } = fs;
Object.assign(fs, {
  mkdirSync: counted(mkdirSync),
  renameSync: counted(renameSync),
  rmSync: counted(rmSync),
  linkSync: counted(linkSync),
  writeFileSync: counted(writeFileSync, (file, data) => {
    writeFileSync(file, (data as Buffer | string).slice(0, 10));
  }),
});
syncBuiltinESMExports();

const place = { root, folder: "plugins" };
if (files === undefined) {
  const { removePlugin } = await import("./remove-plugin.ts");
  await removePlugin("sla", place);
} else {
  const [{ installPlugin }, { examinePlugin }, { noRights }] = await Promise.all([
    import("./install-plugin.ts"),
    import("../examine/examine-plugin.ts"),
    import("@plinth/module"),
  ]);
  const fetched = {
    files: Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    origin: { kind: "folder", given: "../sla" },
    place: "/sla",
  } as const;
  const policy = { trustedKeys: [], signatures: "optional" } as const;
  await installPlugin(examinePlugin(fetched, createManifestSchema(), root, policy), { ...place, rights: noRights });
}
process.stdout.write(`${calls}\n`);
