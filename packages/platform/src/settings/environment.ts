import type { Override } from "./override.ts";

const prefix = "PLATFORM_";

/** Variables of the environment, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The overrides among the variables: all whose names begin with `PLATFORM_`, in any case. Sections
 * come before what is inside them, so that the more exact variable wins; otherwise by name.
 */
export function overridesFromEnvironment(environment: Environment): Override[] {
  return Object.entries(environment)
    .filter(([name, text]) => text !== undefined && name.toUpperCase().startsWith(prefix))
    .map(([name, text]) => ({
      steps: name.slice(prefix.length).split("__"),
      text: text ?? "",
      origin: { kind: "environment" as const, variable: name },
    }))
    .sort((a, b) => a.steps.length - b.steps.length || (a.origin.variable < b.origin.variable ? -1 : 1));
}

/** The variable that overrides the setting: `http`, `drainDelay` give `PLATFORM_HTTP__DRAIN_DELAY`. */
export function variableName(path: readonly string[]): string {
  return prefix + spellPath(path);
}

/** The name of a setting's variable without what all of them begin with. */
export function spellPath(path: readonly string[]): string {
  return path.map(wordsOf).join("__");
}

/** A key in the way variables write it: `drainDelay`, `drain-delay` and `drain_delay` all give `DRAIN_DELAY`. */
function wordsOf(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toUpperCase();
}

/**
 * The keys that a step of a variable's name can mean: those it spells word by word, else those that
 * differ from it only in case, hyphens and underscores.
 */
export function keysMeantBy(step: string, keys: Iterable<string>): string[] {
  const near = [...keys].filter((key) => squeeze(key) === squeeze(step));
  const exact = near.filter((key) => wordsOf(key) === step.toUpperCase());
  return exact.length > 0 ? exact : near;
}

function squeeze(key: string): string {
  return key.replaceAll(/[-_]/g, "").toLowerCase();
}

/** A step of a variable's name as a key that no schema names: `DRAIN_DELAY` gives `drainDelay`. */
export function keyFromStep(step: string): string {
  return step.toLowerCase().replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
