import { defineErrors } from "./define.ts";

/** Modules and platforms that the command line writes, renames and removes. */
export const scaffoldErrors = defineErrors({
  SCAFFOLD_NAME_TAKEN: {
    message: 'there is a module "{module}" already',
    fix: "Choose another name; platformctl modules list shows those that are taken.",
    why: "The name of a module is the name of its schema in the database, the prefix of its routes and permissions, and the key of its settings, so two modules cannot share one.",
  },
  SCAFFOLD_FOLDER_TAKEN: {
    message: "{folder} is there already",
    fix: "Move it away, or choose another name or folder.",
    why: "Nothing that somebody may need is written over.",
  },
  SCAFFOLD_FOLDER_UNKNOWN: {
    message: "it is not clear which folder a new module belongs in",
    fix: "Name the folder that is to hold the module's own, as in --folder modules, and list it in platform.yaml, as in modules: [modules/*].",
    why: "A platform finds its modules by the patterns that its platform.yaml lists under modules, and none of them ends in /*.",
  },
  SCAFFOLD_FOLDER_UNLISTED: {
    message: "no pattern of platform.yaml would find a module in {folder}",
    fix: 'Add "{pattern}" to modules in platform.yaml, or choose a folder that is listed there.',
    why: "A platform finds its modules by the patterns that its platform.yaml lists under modules. A module elsewhere would never be started.",
  },
  SCAFFOLD_NOTHING_OFFERED: {
    message: 'module "{module}" offers no service that another module could require',
    fix: 'Leave "{module}" out, or let it export a service from its public entry first, as in export const Things = service<Things>("{module}.things").',
    why: "A declared dependency that the code does not use is refused by platformctl modules validate, and what a module uses of another is its services.",
  },
  SCAFFOLD_BUILT_IN: {
    message: 'module "{module}" is not in a folder of this platform',
    fix: "Name a module of this platform's own; platformctl modules list shows where each comes from.",
    why: "A module of the platform itself, or one that a package manager has installed, belongs to somebody else, and a change would be gone with the next installation.",
  },
  SCAFFOLD_IN_USE: {
    message: 'module "{module}" is needed by {dependents}',
    fix: "Remove the dependency there first, or make these modules do without it.",
    why: "A platform in which a module is missing that others depend on does not start.",
  },
  SCAFFOLD_UNCONFIRMED: {
    message: "this removes {folder}, and nobody has agreed to it",
    fix: "Say --yes to agree, or --dry-run to see what would happen.",
    why: "What cannot be undone is asked for on a terminal. A script has nobody to ask, so it has to say that it means it.",
  },
  SCAFFOLD_TREE_DIRTY: {
    message: "there are changes in {folder} that are not committed: {files}",
    fix: "Commit them or put them aside, or say --force to go on all the same.",
    why: "A renaming touches many files. When nothing else has changed, git diff shows exactly what it did, and git can undo it.",
  },
  SCAFFOLD_SAME_NAME: {
    message: 'module "{module}" has that name already',
    fix: "Give the name that it is to have as the second one.",
    why: "There is nothing to rename.",
  },
  SCAFFOLD_UNREADABLE: {
    message: "{file} cannot be changed safely: {reason}",
    fix: "Mend the file, and call this again.",
    why: "Only what is fully understood is changed, and either everything is changed or nothing.",
  },
  SCAFFOLD_WRITE: {
    message: "nothing was changed, since {file} cannot be written: {reason}",
    fix: "Make sure that the file and its folder may be written, and call this again.",
    why: "What had been written before was taken back: either everything is changed or nothing.",
  },
  SCAFFOLD_FOLDER_NOT_EMPTY: {
    message: "{folder} is not empty: {entries}",
    fix: "Name a folder that is empty or not there yet.",
    why: "A new platform brings some twenty files of its own. None of them is to take the place of one that is there.",
  },
  SCAFFOLD_PLATFORM_NAME: {
    message: '"{name}" cannot be the name of a platform',
    fix: "Choose a name of lower-case letters, digits and hyphens that begins with a letter, as in --name help-desk.",
    why: "The name becomes the scope of the packages that the modules are, as in @help-desk/notes, and thus follows the rules for names of packages. Without --name it is the name of the folder.",
  },
  SCAFFOLD_TARBALLS: {
    message: "{folder} holds no package of Plinth: {reason}",
    fix: "Name a folder with the archives that npm pack makes of Plinth's packages.",
    why: "With --from a platform takes Plinth from archives instead of the registry, which serves to try out what is not published.",
  },
  SCAFFOLD_INSTALL: {
    message: "the platform is written, but its packages could not be installed: {reason}",
    fix: "Run npm install in {folder} to see why, and to try again.",
    why: "The files of the platform are complete without its packages; make run installs them too.",
  },
});
