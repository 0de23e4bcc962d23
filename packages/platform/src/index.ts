export { createPlatform, type RunnablePlatform } from "./create-platform.ts";
export { type Inspection, inspectPlatform } from "./inspect-platform.ts";
export { createLog, type LogStream } from "./logging/log.ts";
export { summaryOf } from "./logging/narrate.ts";
export type { PlatformOptions } from "./options.ts";
export { type ProcessContext, thisProcess } from "./process/process-context.ts";
export { runPlatform } from "./process/run-platform.ts";
export { hostVersion } from "./version.ts";
