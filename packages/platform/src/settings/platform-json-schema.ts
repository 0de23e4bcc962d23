import { durationPattern } from "@plinth/module";
import { configSchema } from "./config-schema.ts";
import { isRecord, type JsonSchema } from "./json-schema.ts";
import type { ConfigurableModule } from "./module-settings.ts";
import { platformKeysSchema } from "./platform-keys.ts";

/** A module as far as the schema of platform.yaml shows it. */
export interface DescribedModule extends Pick<ConfigurableModule, "name" | "config"> {
  readonly description?: string | undefined;
}

/**
 * The JSON Schema of a platform.yaml for editors: the platform's own keys and, by name, the settings
 * of these modules. No other keys are allowed, as when the platform reads the file.
 */
export function platformJsonSchema(modules: readonly DescribedModule[]): JsonSchema {
  const sorted = [...modules].sort((a, b) => (a.name < b.name ? -1 : 1));
  return forEditors({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "platform.yaml",
    description: "The settings of a platform and of its modules.",
    type: "object",
    properties: {
      ...platformKeysSchema.properties,
      ...Object.fromEntries(sorted.map((module) => [module.name, moduleSchema(module)])),
    },
    additionalProperties: false,
  }) as JsonSchema;
}

function moduleSchema({ name, config, description }: DescribedModule): JsonSchema {
  const schema = rebase(configSchema(config ?? {}), `#/properties/${name}`) as JsonSchema;
  return {
    ...schema,
    type: ["object", "null"],
    description: schema.description ?? description ?? `Settings of ${name}.`,
  };
}

/** Lets references within the schema start from where it now stands. */
function rebase(schema: unknown, base: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => rebase(each, base));
  if (!isRecord(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === "$ref" && typeof value === "string" && value.startsWith("#")
        ? [key, base + value.slice(1)]
        : [key, rebase(value, base)],
    ),
  );
}

/** Editors know `duration` as another format, so they get our form as a pattern. */
function forEditors(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forEditors);
  if (!isRecord(schema)) return schema;
  const { format, ...rest } = schema;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, forEditors(value)]));
  if (format === "duration") return { pattern: durationPattern, ...inner };
  return format === undefined ? inner : { ...inner, format };
}
