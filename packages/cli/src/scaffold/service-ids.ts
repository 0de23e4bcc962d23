import { readFileSync } from "node:fs";
import { platformSources } from "./platform-sources.ts";

/** The ids of the services that the code of a module makes references of, as in `service<Users>("identity.users")`. */
export function serviceIds(folder: string, module: string): readonly string[] {
  const call = new RegExp(`\\bservice\\s*(?:<[^()]*>)?\\(\\s*["'\`](${module}\\.[A-Za-z][A-Za-z0-9-]*)["'\`]`, "g");
  const found = platformSources(folder, /\.[cm]?[jt]sx?$/).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(call)].flatMap(([, id]) => id ?? []),
  );
  return [...new Set(found)];
}
