import { registerHooks } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ImportGraph } from "./import-graph.ts";

const mark = "plinth-dev";

/**
 * Records the imports of this process from now on, and makes files that were renewed be loaded again by
 * whoever imports them next. Node keeps what was loaded before.
 *
 * @param loader the folder of the code that imports the entries of modules, which is no use of theirs.
 */
export function recordImports(graph: ImportGraph, loader: string): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const file = ownFile(resolved.url);
      if (file === undefined) return resolved;
      const importer = ownFile(context.parentURL);
      const isUse = importer !== undefined && (!isIn(loader, importer) || isIn(loader, file));
      const isRequired = context.conditions.includes("require");
      graph.add(file, isUse ? importer : undefined, isRequired);
      const version = graph.versionOf(file);
      return version === undefined || isRequired ? resolved : { ...resolved, url: marked(resolved.url, version) };
    },
  });
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep);
}

/** The path of a file that is not of an installed package. What was imported anew has a query behind it. */
function ownFile(url: string | undefined): string | undefined {
  if (url === undefined || !url.startsWith("file:") || url.includes("/node_modules/")) return undefined;
  return fileURLToPath(url);
}

function marked(url: string, version: number): string {
  const target = new URL(url);
  target.searchParams.set(mark, String(version));
  return target.href;
}
