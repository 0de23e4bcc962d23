import type { ModuleFacts } from "@plinth/module";
import * as z from "zod";
import { Http } from "./http.ts";

const prefix = z
  .string()
  .max(200)
  .regex(
    /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[a-z0-9._~-]+)+)$/,
    "must be a path of lower-case letters, digits, dots, hyphens, underscores and tildes, such as /api/tickets, without a slash at its end",
  )
  .describe("Where the module's routes begin. Default: a slash and the module's name.");

/** The schema of the manifest's section `http`. */
export const httpSection = z.strictObject({ prefix: prefix.optional() }).describe("The module's HTTP routes.");

/** The manifest's section `http`, after validation. */
export type HttpSection = z.output<typeof httpSection>;

/** The prefix of a module's routes; `undefined` for one that neither has the section nor uses the service `Http`. */
export function prefixOf({ name, section, definition }: ModuleFacts<HttpSection>): string | undefined {
  const used = [...Object.values(definition?.requires ?? {}), ...Object.values(definition?.optional ?? {})];
  if (section === undefined && !used.some((ref) => ref.id === Http.id)) return undefined;
  return section?.prefix ?? defaultPrefix(name);
}

/** The prefix of a module whose manifest states none. */
export function defaultPrefix(module: string): string {
  return `/${module}`;
}
