import { type Dirent, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { entryOf, type RegisteredModule } from "@plinth/kernel";

/** Where the code of a module is, and how others are to import it. */
export interface ModuleCode {
  readonly module: RegisteredModule;
  /** The module's folder, absolute. */
  readonly folder: string;
  /** The name of its package; `undefined` where it has none. */
  readonly packageName: string | undefined;
  /** What may follow the package's name in an import, as in `""` and `"/testing"`; may hold one `*`. */
  readonly exports: readonly string[];
  /** Its entry file, absolute; `undefined` for a module without code. */
  readonly entry: string | undefined;
}

/** What is known of the code of a module with a folder. */
export function moduleCode(module: RegisteredModule, folder: string): ModuleCode {
  const { name, exports } = packageOf(folder);
  return {
    module,
    folder,
    packageName: typeof name === "string" ? name : undefined,
    exports: exportsOf(exports),
    entry: safely(() => entryOf(module)),
  };
}

function packageOf(folder: string): { readonly name?: unknown; readonly exports?: unknown } {
  const file = path.join(folder, "package.json");
  const found: unknown = existsSync(file) ? safely(() => JSON.parse(readFileSync(file, "utf8"))) : undefined;
  return typeof found === "object" && found !== null ? found : {};
}

/** Without `exports` only the package's name by itself is public. */
function exportsOf(exports: unknown): string[] {
  if (typeof exports !== "object" || exports === null) return [""];
  const keys = Object.keys(exports).filter((key) => key.startsWith("."));
  return keys.length === 0 ? [""] : keys.map((key) => key.slice(1));
}

/** A wrong entry, or a wrong package.json, is for others to report. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const source = /\.[cm]?[jt]sx?$/;
const noSource = /\.d\.[cm]?ts$|\.gen\.[cm]?[jt]s$|\.(?:test|spec|bench|fixture)\.[cm]?[jt]sx?$/;
const noFolder = new Set(["node_modules", "dist", "build", "coverage", "test", "tests", "__tests__"]);

/** The files that make up a module's code: no tests, nothing generated, and nothing of modules inside of its folder. */
export function sourcesOf(folder: string, otherFolders: ReadonlySet<string>): string[] {
  const files: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of safely(() => readdirSync(next, { withFileTypes: true })) ?? ([] as Dirent[])) {
      const file = path.join(next, entry.name);
      if (entry.isDirectory()) {
        if (!noFolder.has(entry.name) && !entry.name.startsWith(".") && !otherFolders.has(file)) waiting.push(file);
      } else if (entry.isFile() && source.test(entry.name) && !noSource.test(entry.name)) {
        files.push(file);
      }
    }
  }
  return files.sort();
}
