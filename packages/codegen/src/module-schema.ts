import { createManifestSchema, type ManifestSchema, nearest } from "@plinth/kernel";
import type { SectionSchema } from "@plinth/module";
import { permissionsSection } from "@plinth/permissions";

/** Accepts whatever a section holds. */
const anything: SectionSchema<unknown> = {
  "~standard": {
    version: 1,
    vendor: "plinth",
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({}) },
  },
};

const mapping: SectionSchema<unknown> = {
  "~standard": {
    ...anything["~standard"],
    validate: (value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? { value }
        : { issues: [{ message: "must be a JSON Schema of the module's settings" }] },
  },
};

/**
 * The schema that manifests are read by: the kernel's keys, permissions and settings are checked. All
 * other sections are taken over as they are, because only the program that puts a platform together
 * knows which there are; a key that looks like a misspelt one of ours is refused.
 */
export function moduleSchema(): ManifestSchema {
  const schema = createManifestSchema([
    { key: "permissions", schema: permissionsSection },
    { key: "config", schema: mapping },
  ]);
  const known = [...schema.coreKeys, ...schema.sections.keys()].filter((key) => key.length >= tellingLength);
  return { ...schema, sections: new OpenSections(schema.sections, known) };
}

/** Shorter keys are near to too many words that somebody may mean. */
const tellingLength = 6;

class OpenSections extends Map<string, SectionSchema<unknown>> {
  readonly #known: readonly string[];

  constructor(sections: ReadonlyMap<string, SectionSchema<unknown>>, known: readonly string[]) {
    super();
    for (const [key, schema] of sections) this.set(key, schema);
    this.#known = known;
  }

  override get(key: string): SectionSchema<unknown> | undefined {
    const schema = super.get(key);
    if (schema !== undefined || nearest(key, this.#known) !== undefined) return schema;
    this.set(key, anything);
    return anything;
  }
}
