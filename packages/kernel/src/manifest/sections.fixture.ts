import * as z from "zod";
import type { ManifestSection } from "./manifest-schema.ts";

/** Sections as capabilities declare them: a union per entry, a text, and a schema that refers to itself. */
export const sections: readonly ManifestSection[] = [
  {
    key: "permissions",
    schema: z.record(
      z.string().regex(/^[a-z][a-z.]*$/, { error: "is not a permission code: write parts in lower case, with dots" }),
      z.union([z.string(), z.strictObject({ description: z.string(), since: z.string().optional() })]),
    ),
  },
  { key: "migrations", schema: z.string() },
  { key: "menu", schema: z.lazy(() => menuEntry) },
  { key: "http", schema: z.strictObject({ prefix: z.string(), port: z.int().min(1).max(65_535).optional() }) },
];

interface MenuEntry {
  title: string;
  kind?: "page" | "folder" | undefined;
  entries?: MenuEntry[] | undefined;
}

const menuEntry: z.ZodType<MenuEntry> = z.strictObject({
  title: z.string(),
  kind: z.enum(["page", "folder"]).optional(),
  get entries() {
    return z.array(menuEntry).optional();
  },
});
