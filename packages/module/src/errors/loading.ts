import { defineErrors } from "./define.ts";

/** Turning a planned module into running code. */
export const loadingErrors = defineErrors({
  LOAD_ENTRY_MISSING: {
    message: 'module "{module}" names the entry file "{main}", which does not exist',
    fix: "Correct main in its manifest, or create the file.",
    why: "The manifest says where the module's code is. A module without code leaves main out and has no src/index.ts.",
  },
  LOAD_IMPORT_FAILED: {
    message: 'the code of module "{module}" could not be loaded: {reason}',
    fix: "Mend the error in the module's code; the cause below shows where it came from.",
    why: "Importing the entry file threw, or one of its own imports could not be found.",
  },
  LOAD_NO_DEFINITION: {
    message: 'the entry file of module "{module}" has no default export made by defineModule',
    fix: "Write: export default defineModule(...).",
    why: "The platform takes a module's requirements and its setup from the default export.",
  },
  LOAD_NAME_MISMATCH: {
    message: 'the code of module "{module}" was defined with the manifest of "{other}"',
    fix: "Give defineModule the manifest of its own module.",
    why: "Manifest and code would speak of two different modules.",
  },
});
