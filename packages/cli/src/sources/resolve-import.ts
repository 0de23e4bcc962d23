import { realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const endings = ["", ".ts", ".tsx", ".mts", ".js", "/index.ts", "/index.js"];

/** The file that an import leads to; `undefined` for what is built in, not installed, or not there. */
export function resolveImport(specifier: string, from: string): string | undefined {
  if (!specifier.startsWith(".")) return resolvePackage(specifier, from);
  const wanted = path.resolve(path.dirname(from), specifier);
  // What is written as the file that will be compiled is read where it is written.
  const asSource = wanted.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  const candidates = [wanted, asSource, ...endings.map((ending) => wanted + ending)];
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

function resolvePackage(specifier: string, from: string): string | undefined {
  if (specifier.startsWith("node:")) return undefined;
  try {
    const file = createRequire(from).resolve(specifier);
    return path.isAbsolute(file) ? realpathSync(file) : undefined;
  } catch {
    return undefined;
  }
}
