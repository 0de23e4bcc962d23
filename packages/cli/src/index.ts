export { type Context, type Output, thisContext } from "./context.ts";
export { type ExitCode, exitCode } from "./exit-codes.ts";
export type { ListedModule } from "./listed-module.ts";
export { run } from "./run.ts";
