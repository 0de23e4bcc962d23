import { registerHooks } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Which files of a process import which, installed packages left out. Grows as code is loaded. */
export class ImportGraph {
  readonly #importers = new Map<string, Set<string>>();

  /** A file has been imported by another. */
  add(file: string, importer: string): void {
    const importers = this.#importers.get(file) ?? new Set();
    this.#importers.set(file, importers.add(importer));
  }

  /** All files that were imported. */
  files(): Iterable<string> {
    return this.#importers.keys();
  }

  /** The nearest file that imports `file`, maybe through others, and does not lie in `folder`. */
  importerOutside(file: string, folder: string): string | undefined {
    const seen = new Set([file]);
    for (const each of seen) {
      for (const importer of this.#importers.get(each) ?? []) {
        if (!importer.startsWith(folder + path.sep)) return importer;
        seen.add(importer);
      }
    }
    return undefined;
  }
}

/**
 * Records the imports of this process from now on.
 *
 * @param loader the folder of the code that imports the entries of modules, which is no use of theirs.
 */
export function recordImports(graph: ImportGraph, loader: string): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const file = ownFile(resolved.url);
      const importer = ownFile(context.parentURL);
      if (file !== undefined && importer !== undefined && (!isIn(loader, importer) || isIn(loader, file))) {
        graph.add(file, importer);
      }
      return resolved;
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
