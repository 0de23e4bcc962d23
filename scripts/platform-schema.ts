import { inspectPlatform, platformJsonSchema } from "@plinth/platform";

/**
 * The text of packages/platform/platform.schema.json: the platform's own keys, and the settings of the modules that
 * every platform has. Other keys are the settings of a platform's own modules, which the file cannot know.
 */
export async function platformSchema(): Promise<string> {
  const { modules } = await inspectPlatform({});
  const described = modules.map(({ manifest: { name, description, sections } }) => ({
    name,
    description,
    config: sections.config as Readonly<Record<string, unknown>> | undefined,
  }));
  const others = { type: ["object", "null"], description: "Settings of a module, by its name." };
  return `${JSON.stringify({ ...platformJsonSchema(described), additionalProperties: others }, null, 2)}\n`;
}
