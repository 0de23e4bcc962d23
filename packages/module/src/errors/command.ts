import { defineErrors } from "./define.ts";

/** The command line. */
export const commandErrors = defineErrors({
  COMMAND_UNKNOWN: {
    message: 'there is no command "{command}"',
    fix: "{hint}",
    why: "The first words after platformctl name what it does. platformctl --help lists them.",
  },
  COMMAND_OPTION_UNKNOWN: {
    message: "there is no option {option}",
    fix: "{hint}",
    why: "An option that nobody reads is most often a typo, so it is refused instead of ignored.",
  },
  COMMAND_USAGE: {
    message: "{reason}",
    fix: "Run {help} to see how the command is written.",
    why: "Something was left out, or there is more than the command takes.",
  },
  COMMAND_FOLDER_MISSING: {
    message: 'there is no folder "{folder}"',
    fix: "Name an existing folder with -C DIR.",
    why: "With -C DIR the command behaves as if it had been called in that folder, so the folder must be there.",
  },
  COMMAND_MODULE_UNKNOWN: {
    message: 'there is no module "{module}" in this platform',
    fix: "{hint}",
    why: "A command that is about one module takes its name as it stands in the manifest. platformctl modules list shows all names.",
  },
  COMMAND_SETTING_UNKNOWN: {
    message: 'there is no setting "{setting}" in this platform',
    fix: "{hint}",
    why: "Which settings there are is said by the config sections of the manifests. A section may be named too; a setting without a value is not listed.",
  },
  COMMAND_ERROR_UNKNOWN: {
    message: 'there is no error with the code "{code}"',
    fix: "{hint}",
    why: "The codes of all errors stand in one table, which platformctl errors lists.",
  },
  COMMAND_MIGRATION_NAME: {
    message: '"{name}" cannot become the name of a migration',
    fix: 'Say in a few words what it does, as in "add due date".',
    why: "The name becomes a part of the file's name, where small letters, digits and underscores may stand, and at most 100 of them.",
  },
  COMMAND_MIGRATION_SECTION: {
    message: 'module "{module}" has no migrations section, and thus no folder for a migration',
    fix: "{fix}",
    why: "The manifest says which folder holds a module's migrations; without it nobody would run a file that is written.",
  },
  COMMAND_MIGRATION_RESERVED: {
    message: "the next number is reserved by {file}",
    fix: "Remove that file if no other platformctl migrations new is running, and call this again.",
    why: "A number is reserved by a hidden file for the moment in which the migration is written. It stays behind only when that process was killed.",
  },
  COMMAND_NODE_TOO_OLD: {
    message: "Node.js {version} is too old: {needed} is needed",
    fix: "Install a current version of Node.js, for example the one with long-term support.",
    why: "Older versions are past their end of life, or cannot run what the platform is made of.",
  },
  COMMAND_CLOCK_WRONG: {
    message: "the clock of this machine is {difference} {witness}",
    fix: "Let the machine take its time from the network (on Linux, timedatectl set-ntp true).",
    why: "Sessions, leases and the order of log lines rest on clocks that agree to a few seconds.",
  },
  COMMAND_GIT: {
    message: 'git cannot show what "{ref}" was: {reason}',
    fix: "Name a branch, a tag or a commit of the repository that the platform is in; fetch it first where it is missing.",
    why: "What was there before is read from the git repository around the platform.",
  },
  COMMAND_CRASHED: {
    message: "platformctl failed unexpectedly: {reason}",
    fix: "Report it with the lines below; the command can be run again, as it leaves nothing half done.",
    why: "This is a defect of Plinth and not of the platform that was looked at.",
  },
});
