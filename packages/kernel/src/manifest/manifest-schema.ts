import { platformError, type SectionSchema } from "@plinth/module";
import { coreKeyNames, coreSchema } from "./core-schema.ts";
import { composeJsonSchema, type JsonSchema } from "./json-schema.ts";
import { createRanges, type Ranges } from "./semver.ts";

/** A section of the manifest as an extension declares it. */
export interface ManifestSection {
  readonly key: string;
  readonly schema: SectionSchema<unknown>;
}

/** What a manifest may hold: the kernel's core keys and the sections of a platform's extensions. */
export interface ManifestSchema {
  /** Made when it is first asked for: manifests that are plainly in order do without. */
  readonly core: ReturnType<typeof coreSchema>;
  readonly coreKeys: ReadonlySet<string>;
  readonly ranges: Ranges;
  readonly sections: ReadonlyMap<string, SectionSchema<unknown>>;
  /** The whole schema as JSON Schema; made when it is first asked for. */
  jsonSchema(): JsonSchema;
}

/**
 * Composes the schema of a platform's manifests.
 *
 * @throws PlatformError `MANIFEST_SECTION_TAKEN` when two sections, or a section and the kernel, claim one key.
 */
export function createManifestSchema(sections: readonly ManifestSection[] = []): ManifestSchema {
  const ranges = createRanges();
  const coreKeys: ReadonlySet<string> = new Set(coreKeyNames);
  const byKey = new Map<string, SectionSchema<unknown>>();
  for (const { key, schema } of sections) {
    if (coreKeys.has(key) || byKey.has(key)) throw platformError("MANIFEST_SECTION_TAKEN", { key });
    byKey.set(key, schema);
  }
  let core: ReturnType<typeof coreSchema> | undefined;
  const makeCore = () => (core ??= coreSchema(ranges));
  let composed: JsonSchema | undefined;
  return {
    get core() {
      return makeCore();
    },
    coreKeys,
    ranges,
    sections: byKey,
    jsonSchema: () => (composed ??= composeJsonSchema(makeCore(), byKey)),
  };
}

/** The schema as JSON Schema (draft 2020-12), for editors: with descriptions, examples and no unknown keys. */
export function manifestJsonSchema(schema: ManifestSchema): JsonSchema {
  return schema.jsonSchema();
}
