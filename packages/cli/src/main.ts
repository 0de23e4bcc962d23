import { thisContext } from "./context.ts";
import { run } from "./run.ts";

const code = await run(thisContext());
// A platform that was started sets the code itself when it ends.
if (code !== undefined) process.exitCode = code;
