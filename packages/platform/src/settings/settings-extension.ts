import type { Extension, ModuleFacts, SectionSchema } from "@plinth/module";
import { isRecord, type JsonSchema } from "./json-schema.ts";
import type { ConfigurableModule } from "./module-settings.ts";
import type { SettingsSources } from "./read-settings.ts";
import { resolveSettings, type Settings } from "./resolve-settings.ts";

/** The extension that gives each module its `config`, and what it has found out. */
export interface SettingsExtension extends Extension<JsonSchema> {
  /** The settings of all modules; `undefined` before the check. */
  resolved(): Settings | undefined;
}

/**
 * Handles the `config` section of manifests: checks the settings of all modules before anything
 * starts, and gives each module its own as `config`, frozen and with defaults.
 *
 * @param refused names of modules whose manifests were refused, asked for once the manifests have been read.
 */
export function settingsExtension(
  sources: SettingsSources,
  refused: () => readonly string[] = () => [],
): SettingsExtension {
  let settings: Settings | undefined;
  return {
    name: "settings",
    section: { key: "config", schema: configSection },
    async check(modules) {
      settings = await resolveSettings(sources, modules.map(configurableModule), refused());
      return settings.problems;
    },
    context(module) {
      return { config: settings?.forModule(module.name) ?? {} };
    },
    resolved: () => settings,
  };
}

/** What settings need to know of a module. */
export function configurableModule(
  facts: Pick<ModuleFacts<JsonSchema>, "name" | "section" | "manifest">,
): ConfigurableModule {
  return { name: facts.name, config: facts.section, file: facts.manifest.file };
}

/** Accepts any JSON Schema of an object; whether it is a sound one is found out when it is compiled. */
const configSection: SectionSchema<JsonSchema> = {
  "~standard": {
    version: 1,
    vendor: "plinth",
    validate(value) {
      if (!isRecord(value)) return { issues: [{ message: "must be a JSON Schema of the module's settings" }] };
      if (value.type !== undefined && value.type !== "object") {
        return { issues: [{ message: "must be object: the settings of a module are a section", path: ["type"] }] };
      }
      return { value };
    },
    jsonSchema: {
      input: () => ({
        $ref: "https://json-schema.org/draft/2020-12/schema",
        description: "JSON Schema of the module's own settings.",
      }),
    },
  },
};
