import type { Rights } from "@plinth/module";
import { canDenyNetwork } from "../rights.ts";

export interface NodeArgumentsInput {
  /** Absolute paths. */
  readonly read: readonly string[];
  /** Absolute paths. */
  readonly write: readonly string[];
  readonly rights: Rights;
  readonly memoryMb: number;
  /** The arguments that Node itself was started with, and those of NODE_OPTIONS. */
  readonly inherited: readonly string[];
}

/** Of the memory of the process this much is not the JavaScript heap's, in megabytes. */
const besidesHeapMb = 64;

/** What the process of a module is started with: the permission model, the heap's limit, and how imports are resolved. */
export function nodeArguments({ read, write, rights, memoryMb, inherited }: NodeArgumentsInput): string[] {
  return [
    ...handedOn(inherited),
    "--disable-warning=ExperimentalWarning",
    `--max-old-space-size=${Math.max(memoryMb / 2, memoryMb - besidesHeapMb)}`,
    "--permission",
    ...[...read, ...write].map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
    ...(rights.childProcess ? ["--allow-child-process"] : []),
    ...(rights.workers ? ["--allow-worker"] : []),
    ...(rights.addons ? ["--allow-addons", "--allow-wasi"] : []),
    ...(rights.network && canDenyNetwork() ? ["--allow-net"] : []),
  ];
}

const switches =
  /^--(?:(?:no-)?(?:experimental-)?(?:strip-types|transform-types)|enable-source-maps|preserve-symlinks)$/;

/** Those of Node's own arguments that say how code is found and read. */
function handedOn(args: readonly string[]): string[] {
  const found: string[] = [];
  for (const [index, arg] of args.entries()) {
    const value = args[index + 1];
    if (arg.startsWith("--conditions=") || switches.test(arg)) found.push(arg);
    else if ((arg === "--conditions" || arg === "-C") && value !== undefined) found.push(`--conditions=${value}`);
  }
  return found;
}

/** The arguments in a `NODE_OPTIONS`. */
export function nodeOptions(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((part) => part !== "");
}
