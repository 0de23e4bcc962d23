import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";
import { platformSources } from "./platform-sources.ts";
import { programNodes } from "./program-nodes.ts";

/** The ids of the services that the code of a module makes references of, as in `service<Users>("identity.users")`. */
export function serviceIds(folder: string, module: string): readonly string[] {
  const found = new Set<string>();
  for (const file of platformSources(folder, /\.[cm]?[jt]sx?$/)) {
    const text = readFileSync(file, "utf8");
    if (!text.includes("service")) continue;
    for (const { type, callee, arguments: given } of programNodes(parseSync(file, text).program)) {
      if (type !== "CallExpression" || (callee as { readonly name?: unknown }).name !== "service") continue;
      const [first] = given as readonly { readonly type: string; readonly value?: unknown }[];
      if (typeof first?.value === "string" && first.value.startsWith(`${module}.`)) found.add(first.value);
    }
  }
  return [...found];
}
