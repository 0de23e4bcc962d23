import type { Extension, ModuleFacts, SectionSchema } from "@plinth/module";
import { isRecord, type JsonSchema } from "./json-schema.ts";
import type { ConfigurableModule } from "./module-settings.ts";
import type { SettingsSources } from "./read-settings.ts";
import { resolveSettings, type Settings } from "./resolve-settings.ts";

/** The extension that gives each module its `config`, and what it has found out. */
export interface SettingsExtension extends Extension<JsonSchema> {
  /** The settings of all modules as they were checked last; `undefined` before the check. */
  checked(): Settings | undefined;
  /** The settings that modules are given now; `undefined` before they were accepted. */
  accepted(): Settings | undefined;
}

/**
 * Handles the `config` section of manifests: checks the settings of all modules before anything
 * starts, and gives each module its own as `config`, frozen and with defaults.
 *
 * @param sources what was given, read again by each check.
 * @param refused names of modules whose manifests were refused, asked for once the manifests have been read.
 */
export function settingsExtension(
  sources: () => SettingsSources,
  refused: () => readonly string[] = () => [],
): SettingsExtension {
  let checked: Settings | undefined;
  let settings: Settings | undefined;
  return {
    name: "settings",
    section: { key: "config", schema: configSection },
    async check(modules) {
      checked = await resolveSettings(sources(), modules.map(configurableModule), refused());
      return checked.problems;
    },
    accept() {
      settings = checked;
    },
    context(module) {
      return { config: settings?.forModule(module.name) ?? {} };
    },
    checked: () => checked,
    accepted: () => settings,
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
