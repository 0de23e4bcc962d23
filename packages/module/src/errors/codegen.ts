import { defineErrors } from "./define.ts";

/** Generating sources from manifests. */
export const codegenErrors = defineErrors({
  CODEGEN_NO_ROOT: {
    message: 'there is neither a platform.yaml nor a module.yaml in "{folder}"',
    fix: "Name the folder of a platform, or of a single module.",
    why: "Sources are generated for all modules of a platform, or for one module that has a folder of its own.",
  },
  CODEGEN_NO_MATCH: {
    message: 'no folder with a platform.yaml or a module.yaml matches "{pattern}"',
    fix: "Correct the pattern; * stands for any part of a name and ** for any folders.",
    why: "A pattern that finds nothing is most often a typo, and a check of nothing would always succeed.",
  },
  CODEGEN_MODULES: {
    message: '"modules" of platform.yaml is not a list of folders',
    fix: 'Write a list, as in modules: ["modules/*"].',
    why: "The manifests that sources are generated from are found in these folders.",
  },
  CODEGEN_FOREIGN: {
    message: "the file stands where one is generated, but was written by somebody",
    fix: "Move what is in it to another file, and remove it.",
    why: "Files named module.gen.ts and modules.gen.ts are replaced whenever they are generated. One that does not begin as a generated file does may hold somebody's work.",
  },
  CODEGEN_OUTSIDE: {
    message: "the generated file would be written outside of the folder that it belongs to",
    fix: "Replace the link on the way to it by a folder.",
    why: "A link in a module's folder must not make the generator write anywhere else.",
  },
  CODEGEN_WRITE: {
    message: "the generated file cannot be written: {reason}",
    fix: "Make the folder writable, or free some space; then generate again.",
    why: "Generated files are replaced as a whole, so what was there before still is.",
  },
  CODEGEN_WATCH: {
    message: "the folder cannot be watched: {reason}",
    fix: "Watch fewer platforms at once, or raise the system's limit (on Linux fs.inotify.max_user_watches).",
    why: "Changes in this folder would go unnoticed until something else changes.",
  },
});
