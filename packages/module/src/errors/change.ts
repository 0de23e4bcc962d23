import { defineErrors } from "./define.ts";

/** Modules that come, go or are exchanged while the platform runs. */
export const changeErrors = defineErrors({
  CHANGE_NO_MODULE: {
    message: 'the platform has no module "{module}"',
    fix: "{hint}",
    why: "Only a module that the platform consists of now can be reloaded or removed.",
  },
  CHANGE_OWN_MODULE: {
    message: '"{module}" is a part of the platform itself and stays as long as it runs',
    fix: "Restart the platform to change it.",
    why: "All other modules depend on the platform's own, so that nothing would go on meanwhile.",
  },
  CHANGE_MODULE_KNOWN: {
    message: 'the platform has a module "{module}" already',
    fix: "Remove it first, or reload it.",
    why: "Names of modules are unique.",
  },
  CHANGE_STILL_NEEDED: {
    message: 'module "{module}" cannot be removed: {dependents} depend on it',
    fix: "Remove these first, or make the dependency optional in their manifests.",
    why: "A module without a dependency that it needs could not run.",
  },
  CHANGE_NOT_RUNNING: {
    message: "modules can come and go only while the platform runs; it is {state}",
    fix: "Wait until it runs, or change it before it starts.",
    why: "Before the start and during the stop all modules are on their way already.",
  },
  CHANGE_NOT_ACCEPTED: {
    message: "the platform could not take the changed modules in: {reason}",
    fix: "Mend the cause shown below. The modules run as they did before.",
    why: "A capability of the platform failed between the stop of the old modules and the start of the new ones.",
  },
  CHANGE_NOT_TAKEN_BACK: {
    message: "a change failed, and what was there before could not be started again either: {reason}",
    fix: "Mend both causes, then restart the module or the platform.",
    why: "When a change fails, the modules that were there before are started again. One of them did not start.",
  },
});
