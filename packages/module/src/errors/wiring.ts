import { defineErrors } from "./define.ts";

/** Services, and how modules are connected by them. */
export const wiringErrors = defineErrors({
  WIRING_SERVICE_ID: {
    message: '"{id}" is not the id of a service',
    fix: 'Write it as "<module>.<service>", the module in lower-case kebab: service<Users>("identity.users").',
    why: "The part before the dot names the module that provides the service. The platform finds the provider by it, so another form cannot be connected to anything.",
  },
  WIRING_UNDECLARED: {
    message: 'module "{module}" requires the service "{service}", but does not declare a dependency on "{provider}"',
    fix: 'Add to dependencies in its manifest: {provider}: "{range}"',
    why: "A module starts after its declared dependencies and only after them. A service of any other module may not be there yet, or may be missing in another installation.",
  },
  WIRING_IMPORT_UNDECLARED: {
    message: 'module "{module}" imports from module "{provider}", but does not declare a dependency on it',
    fix: 'Add to dependencies in its manifest: {provider}: "{range}"',
    why: "What the code imports is what the module depends on, types included. The manifest has to say so, because the order of the start, the check of versions and the graph rest on it.",
  },
  WIRING_IMPORT_DEEP: {
    message: 'module "{module}" imports "{specifier}", which lies inside of module "{provider}"',
    fix: "{hint}",
    why: "A module promises only what its package exports, or what its entry file exports where it has no package. The rest may change without anybody being told.",
  },
  WIRING_DEPENDENCY_UNUSED: {
    message: 'module "{module}" declares a dependency on "{dependency}", but its code uses nothing of it',
    fix: "Remove {dependency} from dependencies in its manifest.",
    why: "A dependency that is not used makes the module wait for another one, and fail with it, for nothing. Used is what is imported, and services named by their ids; tests do not count.",
  },
  WIRING_NOT_PROVIDED: {
    message: 'module "{module}" requires the service "{service}", which module "{provider}" does not provide',
    fix: "{hint}",
    why: "The provider is there, but its code does not list the service under provides. Most often the id has a typo or the provider is older than the code that requires it.",
  },
  WIRING_OPTIONAL_REQUIRED: {
    message: 'module "{module}" requires the service "{service}", but its dependency on "{provider}" is optional',
    fix: "Move the service from requires to optional in defineModule, or make the dependency mandatory.",
    why: "An optional dependency may be absent, and a required service may not.",
  },
  WIRING_FOREIGN_PROVIDES: {
    message: 'module "{module}" provides the service "{service}", whose id belongs to module "{owner}"',
    fix: 'Give the service an id that begins with "{module}.".',
    why: "The id of a service names its provider. Two modules that provide one id could not be told apart.",
  },
  WIRING_SETUP_ASYNC: {
    message: 'setup of module "{module}" returned a promise',
    fix: "Make setup synchronous and move what it awaits into lifecycle.onStart.",
    why: "Setup only connects parts. Slow work belongs into a start hook, which has a time limit, is shown in the start report and is rolled back.",
  },
  WIRING_MISSING_RESULT: {
    message: 'setup of module "{module}" did not return the service "{service}" that it provides',
    fix: 'Return an object with the key "{service}" from setup.',
    why: "Modules that require the service would receive undefined and fail later, in another place.",
  },
});
