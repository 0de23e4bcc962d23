import { defineErrors } from "./define.ts";

/** The graph of modules and the boot plan. */
export const graphErrors = defineErrors({
  GRAPH_MISSING: {
    message: 'there is no module "{name}", which is required by {requirers}',
    fix: "{mend}",
    why: "A module can only start when the modules that it depends on are part of the platform. A dependency that may be absent is marked optional.",
  },
  GRAPH_VERSION: {
    message: 'module "{name}" is at {version}, but {requirers}',
    fix: 'Bring in a version of "{name}" that satisfies every range, or widen the ranges.',
    why: "There is one module of each name in a platform, so its version has to satisfy everybody who depends on it.",
  },
  GRAPH_PRERELEASE: {
    message:
      'module "{name}" is at the pre-release {version}, but {requirers}; a range takes a pre-release only when it names one of the same version',
    fix: "Write ^{version} where this pre-release is wanted, or bring in the release.",
    why: "A pre-release comes before its release (2.0.0-rc.1 is lower than 2.0.0), and a range takes pre-releases only of a version that it names together with a pre-release: ^2.0.0-rc.1 takes 2.0.0-rc.1, ^2.0.0 does not.",
  },
  GRAPH_DUPLICATE: {
    message: 'the module "{name}" is there {count} times: {paths}',
    fix: "Keep one of them, or rename the others.",
    why: "Others depend on a module by its name, so a name can have one module only.",
  },
  GRAPH_NAME_TAKEN: {
    message: 'the module "{name}" ({path}) has the name of a module of the platform itself',
    fix: "Rename the module.",
    why: "A module that took the place of the platform's own would be given to everybody who requires its services.",
  },
  GRAPH_CYCLE: {
    message: "modules depend on each other in a circle: {cycle}",
    fix: "Remove one of these dependencies, for example by moving what both sides need into a module of its own.",
    why: "A module starts after its dependencies, so none of these could ever be the first. An optional dependency counts too when its module is there.",
  },
  GRAPH_HOST_VERSION: {
    message: 'module "{name}" works with platform {range}, but this platform is {version}',
    fix: "{mend}",
    why: "The range under platform: says which versions of the host's API the module was written for.",
  },
  GRAPH_PLATFORM_DEPENDENCY: {
    message: 'module "{name}" of the platform depends on "{dependency}", which is a module of the application',
    fix: "Turn the dependency round: let the application's module require a service of the platform's.",
    why: "All modules of the platform start before those of the application, which depend on them without saying so.",
  },
});
