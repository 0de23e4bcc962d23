import { defineErrors } from "./define.ts";

/** platform.yaml, its overrides, and the settings of modules. */
export const settingsErrors = defineErrors({
  SETTINGS_ROOT_MISSING: {
    message: 'there is no platform.yaml in "{folder}" or in any folder above it',
    fix: "Run the command inside a platform, name its folder with -C DIR, or create platform.yaml there.",
    why: "The folder that holds platform.yaml is the root of a platform: its modules and its settings are found from there.",
  },
  SETTINGS_NOT_A_MAPPING: {
    message: "platform.yaml does not hold keys with values",
    fix: "Write one key a line, with a space after the colon: name: helpdesk",
    why: "The file maps the names of settings and modules to their values.",
  },
  SETTINGS_ASSIGNMENT: {
    message: "--set {assignment} is no assignment: {reason}",
    fix: "Write the path of a setting, an equals sign and the value: --set http.port=8080.",
    why: "A dot steps into a section. What stands after the first equals sign is the value, a word, a number or JSON.",
  },
  SETTINGS_VALUE: {
    message: 'the value of {source} for the setting "{setting}" cannot be read: {reason}',
    fix: "Close every bracket and quotation mark, or put the whole value in quotation marks.",
    why: "A value that begins with a bracket, a brace or a quotation mark is read as YAML or JSON, so that lists and sections can be given too.",
  },
  SETTINGS_UNKNOWN_MODULE: {
    message: '"{key}"{from} is neither a module nor a setting of the platform',
    fix: "{hint}",
    why: "A key of platform.yaml that does not belong to the platform is the name of a module and holds its settings. A misspelt one would be ignored without a word.",
  },
  SETTINGS_UNKNOWN: {
    message: '"{setting}"{from} is no setting of {owner}',
    fix: "{hint}",
    why: "Only the settings that the manifest's config section names are accepted, because a misspelt one would be ignored without a word. A section with additionalProperties: true accepts any.",
  },
  SETTINGS_INVALID: {
    message: 'the setting "{setting}" is {value}{from}, but must be {expectation}',
    fix: "Change {place} to {expectation}{example}.",
    why: "Every setting is held against the schema in the config section of its module's manifest before anything starts.",
  },
  SETTINGS_MISSING: {
    message: 'the setting "{setting}" is missing',
    fix: "Add {setting} to platform.yaml or set the variable {variable}; it must be {expectation}.",
    why: "The module's manifest lists the setting under required, and it has no default.",
  },
  SETTINGS_VARIABLE_TWICE: {
    message: 'the variables {first} and {second} both set "{setting}"',
    fix: "Remove one of them.",
    why: "The names of variables are compared without regard to case and to underscores between words, so both mean the same setting. Neither would be the right one to drop.",
  },
  SETTINGS_VARIABLE_AMBIGUOUS: {
    message: "the variable {variable} could mean {candidates}",
    fix: "Set it by --set or in platform.yaml, where the exact name counts, or rename one of the settings.",
    why: "The names of these settings differ only in case and punctuation, which the name of a variable cannot tell.",
  },
  SETTINGS_SCHEMA: {
    message: 'the config section of module "{module}" is not a JSON Schema that can be used: {reason}',
    fix: "Correct config in the manifest; it is JSON Schema, draft 2020-12, of an object.",
    why: "The module's settings are checked against this schema. An error in it would let wrong settings pass.",
  },
  SETTINGS_DEFAULT: {
    message: 'the default of the setting "{setting}" is {value}, but must be {expectation}',
    fix: "Correct the default in the module's manifest.",
    why: "Defaults are held against the schema like any other value, so that a module never sees settings that its own schema refuses.",
  },
});
