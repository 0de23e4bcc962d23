import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ImportFile } from "./import-file.ts";

/** Imports of a folder's code that begin anew, whatever was imported before. */
export interface FreshImport {
  readonly importFile: ImportFile;
  /** Ends it: what the code imports later, it finds as it was imported first. */
  close(): void;
}

const mark = "plinth-load";

/**
 * Imports the ECMAScript modules of a folder anew, the entry and whatever it imports from that folder,
 * now or later. Packages, and files elsewhere, stay the ones that are there already. Node keeps what
 * was imported before until the process ends, and so does this: each use costs the memory of the
 * folder's code.
 */
export function freshImport(folder: string): FreshImport {
  const inside = pathToFileURL(realpathSync(folder) + path.sep).href;
  const packages = `${inside}node_modules/`;
  const id = randomUUID();
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      if (context.parentURL === undefined || idOf(context.parentURL) !== id) return resolved;
      if (!resolved.url.startsWith(inside) || resolved.url.startsWith(packages)) return resolved;
      return { ...resolved, url: marked(resolved.url, id) };
    },
  });
  return {
    importFile: (url) => import(marked(realUrl(url), id)),
    close: () => hooks.deregister(),
  };
}

/** The URL with links followed, as Node has it where the file is imported by others. */
function realUrl(url: string): string {
  return pathToFileURL(realpathSync(new URL(url))).href;
}

function marked(url: string, id: string): string {
  const target = new URL(url);
  target.searchParams.set(mark, id);
  return target.href;
}

function idOf(url: string): string | null {
  return url.includes(mark) ? new URL(url).searchParams.get(mark) : null;
}
