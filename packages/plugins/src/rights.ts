import { noRights, type Rights } from "@plinth/module";
import * as z from "zod";

const text = z.string().min(1);

/** Rights as plugins.lock holds them: every key is there. */
export const rightsSchema = z.strictObject({
  read: z.array(text),
  write: z.array(text),
  env: z.array(text),
  childProcess: z.boolean(),
  workers: z.boolean(),
  addons: z.boolean(),
  network: z.boolean(),
});

const lists = ["read", "write", "env"] as const;
const flags = ["childProcess", "workers", "addons", "network"] as const;

/** Rights one by one, as `--grant` takes them: `network`, `read=/etc/ssl`. In a set order. */
export function listRights(rights: Rights): string[] {
  return [
    ...flags.filter((flag) => rights[flag]),
    ...lists.flatMap((list) => rights[list].map((value) => `${list}=${value}`)),
  ];
}

/** The rights that a list of {@link listRights} means, or the first of its words that means none. */
export function parseRights(words: readonly string[]): Rights | { readonly unknown: string; readonly reason: string } {
  const rights = { ...noRights, read: new Set<string>(), write: new Set<string>(), env: new Set<string>() };
  for (const word of words) {
    const [name = "", ...rest] = word.split("=");
    const value = rest.join("=");
    const flag = flags.find((each) => each === name);
    const list = lists.find((each) => each === name);
    if (flag !== undefined && rest.length === 0) rights[flag] = true;
    else if (list !== undefined && value !== "") rights[list].add(value);
    else if (list !== undefined) return { unknown: word, reason: `${name} needs a value` };
    else return { unknown: word, reason: flag === undefined ? "there is none of this name" : `${name} takes no value` };
  }
  return { ...rights, read: [...rights.read].sort(), write: [...rights.write].sort(), env: [...rights.env].sort() };
}
