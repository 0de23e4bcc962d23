import type { Command } from "commander";

/**
 * The commands that run in the bundle, with the options they may have there. They look at a platform without running
 * any of it, or ask one that runs. All others run from the installed packages, as the code of modules must meet the
 * same packages there that it imports itself.
 */
const bundled: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    "modules list": ["json", "set", "live"],
    "modules show": ["json", "set"],
    "modules graph": ["json", "format", "focus", "depth", "reverse", "all"],
    "modules why": ["json", "limit"],
    "modules validate": ["json", "format", "set"],
    "modules restart": ["json"],
    status: ["json", "watch"],
    "permissions list": ["json", "module"],
    "permissions check": ["json"],
    config: ["json", "set"],
    errors: ["json"],
    completion: [],
    complete: ["at"],
  }).map(([name, options]) => [name, new Set([...options, "root"])]),
);

/** Whether a command, as it was called, runs in the bundle. */
export function isBundled(command: Command): boolean {
  const allowed = bundled.get(nameOf(command));
  if (allowed === undefined) return false;
  const given = Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === "cli");
  return given.every((name) => allowed.has(name));
}

/** `modules list`. */
function nameOf(command: Command): string {
  const words: string[] = [];
  for (let each: Command | null = command; each?.parent; each = each.parent) words.unshift(each.name());
  return words.join(" ");
}
