import type { Extension, Logger } from "@plinth/module";

/** Gives each module the platform's log, with the module's name on every line. */
export function logExtension(log: Logger): Extension {
  return {
    name: "log",
    context: ({ name }) => ({ log: log.child({ module: name }) }),
  };
}
