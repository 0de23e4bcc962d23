import { defineErrors } from "./define.ts";

/** Reading and validating module.yaml. `{key}` stands for the quoted path of a key, as in "timeouts.start". */
export const manifestErrors = defineErrors({
  MANIFEST_UNREADABLE: {
    message: "the file cannot be read: {reason}",
    fix: "Check that it is a plain file that this user may read.",
    why: "A folder, a pipe or a device is not read, because reading it could wait for ever.",
  },
  MANIFEST_TOO_LARGE: {
    message: "the file has {size} bytes, more than the {limit} allowed",
    fix: "Move long texts and data out of it, into files of the module.",
    why: "The size is looked at before anything is read, so that no file can make a start slow or fill the memory.",
  },
  MANIFEST_NOT_UTF8: {
    message: "the file is not UTF-8: the byte {byte} is wrong here",
    fix: "Save the file as UTF-8.",
    why: "Guessing another encoding would read other names than the author wrote.",
  },
  MANIFEST_TAB: {
    message: "the file contains a tab",
    fix: 'Use spaces; inside double quotes a tab can be written as "\\t".',
    why: "YAML forbids tabs in indentation, and a tab looks like spaces. Without tabs the text means what it looks like.",
  },
  MANIFEST_CONTROL_CHARACTER: {
    message: "the file contains the invisible character {character}",
    fix: "Delete the character; where it is meant, write it as an escape inside double quotes.",
    why: "Control characters cannot be seen, and parsers disagree about what they mean.",
  },
  MANIFEST_EMPTY: {
    message: "the file is empty",
    fix: "Write at least name and version.",
    why: "An empty manifest is most likely a file that was not saved.",
  },
  MANIFEST_SYNTAX: {
    message: "this is not YAML: {reason}",
    fix: "{mend}",
    why: "The text could not be parsed, so nothing else of the file could be checked.",
  },
  MANIFEST_NOT_A_MAPPING: {
    message: "the manifest is {found}, not keys with values",
    fix: 'Write one "key: value" a line, with a space after the colon, beginning with name and version.',
    why: "A manifest is a mapping of the known keys to their values.",
  },
  MANIFEST_TOO_DEEP: {
    message: "the nesting is deeper than {limit} levels",
    fix: "Flatten the structure.",
    why: "No file of settings needs such depth, and unlimited depth can exhaust the stack of whoever reads it.",
  },
  MANIFEST_ALIAS: {
    message: "the file uses {what} {text}",
    fix: "Write the value out where it is needed; quote a text that begins with & or *.",
    why: "Anchors and aliases can make a short file unfold into gigabytes, and a reader has to look in two places.",
  },
  MANIFEST_MERGE_KEY: {
    message: 'the file uses the merge key "<<"',
    fix: "Write the keys out.",
    why: "Merge keys left YAML with version 1.2, and parsers disagree about them.",
  },
  MANIFEST_TAG: {
    message: "the file uses the tag {text}",
    fix: "Remove the tag; quote a text that begins with an exclamation mark.",
    why: "Tags ask the reader to build other types than text, numbers, lists and mappings, which a manifest does not need.",
  },
  MANIFEST_DIRECTIVE: {
    message: "the file begins with a YAML directive",
    fix: "Delete the lines that begin with %.",
    why: "Manifests are YAML 1.2 without tags, so there is nothing that a directive could say.",
  },
  MANIFEST_SEVERAL_DOCUMENTS: {
    message: "the file holds more than one document",
    fix: "Keep one manifest in each file: delete the separator, or move what follows it.",
    why: "A folder is one module and has one manifest; the rest of the file would be ignored silently.",
  },
  MANIFEST_DUPLICATE_KEY: {
    message: "{key} stands twice in the same mapping",
    fix: "Keep one of the two.",
    why: "Only one of the two could count, and nothing says which the author meant.",
  },
  MANIFEST_FORBIDDEN_KEY: {
    message: "{key} is a key that no manifest may have",
    fix: "Give it another name.",
    why: "In JavaScript this key reaches into the prototype of objects, which has been the way in for attacks.",
  },
  MANIFEST_KEY_NOT_TEXT: {
    message: "the key {text} is {found} to YAML, not a text",
    fix: 'Put it in quotes: "{text}"',
    why: "Keys are names. A key that YAML reads as another type changes its spelling on the way.",
  },
  MANIFEST_NUMBER: {
    message: "the number {text} cannot be kept exactly",
    fix: 'Put it in quotes, if it is a text: "{text}"',
    why: "Infinity, not-a-number and whole numbers beyond 2^53 do not survive JSON or arithmetic unchanged.",
  },
  MANIFEST_NOT_DATA: {
    message: "{key} is {found}, which no manifest can hold",
    fix: "Use texts, numbers, true, false, null, lists and plain objects only.",
    why: "An inline manifest is held to what module.yaml can say, so that both mean the same.",
  },
  MANIFEST_UNKNOWN_KEY: {
    message: "{key} is not a key that is known here",
    fix: "{mend}",
    why: "An unknown key is most often a typo, and a setting that is silently ignored is worse than one that is refused. Keys of extensions are known when their capability is part of the platform.",
  },
  MANIFEST_MISSING_KEY: {
    message: "{key} is missing",
    fix: "Add it, for example {example}",
    why: "Without it the module cannot be told from others, or the entry says nothing.",
  },
  MANIFEST_TYPE: {
    message: "{key} must be {expected}, but is {found}",
    fix: "Write {expected}{mend}.",
    why: "Another type than the schema says would fail later, where it is used.",
  },
  MANIFEST_QUOTE: {
    message: "{key} is written {text}, which YAML reads as {found}, not as a text",
    fix: "Put it in quotes: {mend}",
    why: "YAML turns 1.10 into the number 1.1 and drops what stood in the file. In quotes it stays as it is written.",
  },
  MANIFEST_VALUE: {
    message: "{key} {reason}",
    fix: "Correct the value; the editor shows what is allowed when it knows the schema.",
    why: "The schema of the manifest, or of the extension that owns the section, does not allow this value.",
  },
  MANIFEST_NAME: {
    message: '{key} is "{name}", which is not lower-case kebab',
    fix: "{mend}",
    why: "Names become parts of URLs, database schemas, permission codes and identifiers. One strict form ([a-z][a-z0-9-]*, at most 63 characters) works in all of them.",
  },
  MANIFEST_NAME_NOT_ASCII: {
    message: '{key} is "{name}", which contains {characters}',
    fix: "Type the name again, with the letters a to z, digits and hyphens only.",
    why: "Letters of other alphabets can look like Latin ones, and some marks cannot be seen at all: two names that look the same would be different modules.",
  },
  MANIFEST_NAME_RESERVED: {
    message: '{key} is "{name}", a name that the platform keeps for itself',
    fix: "Choose another name; {reserved} are taken.",
    why: "The top-level key of platform.yaml with a module's name holds that module's settings, and these keys belong to the platform.",
  },
  MANIFEST_NAME_TWINS: {
    message: "the modules {names} differ only in punctuation",
    fix: "Rename one of them, so that the names also differ without hyphens.",
    why: "Names become identifiers, where hyphens are dropped: both modules would get the same one, and people would mix them up.",
  },
  MANIFEST_VERSION: {
    message: '{key} is "{value}", which is not a semver version',
    fix: "Write three numbers, as in 1.4.0, with an optional pre-release, as in 2.0.0-rc.1.",
    why: "Versions are compared with the ranges that other modules ask for.",
  },
  MANIFEST_RANGE: {
    message: '{key} is "{value}", which is not a semver range',
    fix: 'Write a range such as ^1.2.0, or "*" in quotes for any version.',
    why: "The range says which versions of the other module this one works with.",
  },
  MANIFEST_RANGE_TOO_LONG: {
    message: "{key} has {length} characters, more than the {limit} a range may have",
    fix: "Write a shorter range, such as ^1.2.0.",
    why: "Matching a range can take long when it is long, and no honest range is.",
  },
  MANIFEST_DURATION: {
    message: '{key} is "{value}", which is not a duration from 1ms to 24h',
    fix: "Write a number with its unit: 500ms, 30s, 2m or 1h.",
    why: "A number without a unit would be read as seconds by one person and as milliseconds by the next; a timer beyond 24 days fires at once.",
  },
  MANIFEST_PATH_OUTSIDE: {
    message: '{key} is "{path}", {reason}',
    fix: "Use a path relative to the module's folder that stays inside it, with forward slashes.",
    why: "A module that names files of others could read or run what was not meant for it.",
  },
  MANIFEST_SECTION_TAKEN: {
    message: 'two owners claim the section "{key}" of the manifest',
    fix: "Remove one of the capabilities, or give its section another key.",
    why: "One key can have one meaning only: it belongs to the kernel or to one extension.",
  },
  MANIFEST_SECTION_ASYNC: {
    message: 'the schema of the section "{key}" validates asynchronously',
    fix: "Make the schema synchronous, and move what must wait into the extension's check.",
    why: "Manifests are validated in one go before anything runs. What needs the world outside belongs into check.",
  },
  MANIFEST_NOT_FOUND: {
    message: 'the pattern "{pattern}" finds no module',
    fix: "Correct the pattern, or create a folder with a module.yaml where it points.",
    why: "A pattern that finds nothing is most often a typo, and the platform would start without the modules that were meant.",
  },
  MANIFEST_PATTERN: {
    message: '"{pattern}" is not a pattern for module folders',
    fix: 'Write a folder relative to the platform\'s root, with at most one * in each part, as in "modules/*".',
    why: "A pattern names folders one level at a time, so that it is plain which modules belong to the platform.",
  },
  MANIFEST_FILE_NAME: {
    message: "the folder has a {found}, but no module.yaml",
    fix: "Rename the file to module.yaml.",
    why: "Only module.yaml is a manifest; the module would be missing without a word.",
  },
});
