import { nearest } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";
import { spellPath } from "./environment.ts";
import { unknownSetting } from "./explain.ts";
import { isSecret, type SchemaNode } from "./json-schema.ts";
import { type Layer, nest } from "./layers.ts";
import { describeOrigin } from "./origin.ts";
import type { Override } from "./override.ts";
import { resolveSteps, settingPaths } from "./resolve-steps.ts";
import { typedValue } from "./typed-value.ts";

/** The settings that overrides are meant for: those of one module, or the platform's own. */
export interface OverrideTarget {
  /** `module "http"` or `the platform`. */
  readonly owner: string;
  /** Path of the settings in platform.yaml: the module's name, or nothing. */
  readonly prefix: readonly string[];
  readonly node: SchemaNode;
  /** What has been given for them so far. */
  readonly values: unknown;
}

/** Turns each override, all of which begin with the target's prefix, into a layer of its own, the weakest first. */
export function applyOverrides(
  overrides: readonly Override[],
  target: OverrideTarget,
): { readonly layers: readonly Layer[]; readonly problems: readonly PlatformError[] } {
  const layers: Layer[] = [];
  const problems: PlatformError[] = [];
  const variables = new Map<string, Override>();
  for (const override of overrides) {
    const { origin, text } = override;
    const resolution = resolveSteps(override, { node: target.node, path: target.prefix, values: target.values });
    if (resolution.kind === "ambiguous") {
      const candidates = resolution.candidates.map((path) => `"${path.join(".")}"`).join(" and ");
      problems.push(platformError("SETTINGS_VARIABLE_AMBIGUOUS", { variable: describeVariable(override), candidates }));
      continue;
    }
    if (resolution.kind === "unknown") {
      problems.push(unknownOverride(override, resolution.path, resolution.section, target));
      continue;
    }
    const { path, node } = resolution;
    const setting = path.join(".");
    const other = origin.kind === "environment" ? variables.get(setting) : undefined;
    if (origin.kind === "environment") variables.set(setting, override);
    if (other !== undefined && other.text !== text) {
      const [first, second] = [other, override].map(describeVariable) as [string, string];
      problems.push(platformError("SETTINGS_VARIABLE_TWICE", { first, second, setting }));
      continue;
    }
    try {
      const value = typedValue(text, node);
      layers.push({ values: nest(path, value), originOf: () => origin });
    } catch (error) {
      const reason = isSecret(node) ? "its brackets or quotation marks do not match" : (error as Error).message;
      problems.push(platformError("SETTINGS_VALUE", { source: describeOrigin(origin), setting, reason }));
    }
  }
  return { layers, problems };
}

function describeVariable({ origin }: Override): string {
  return origin.kind === "environment" ? origin.variable : origin.flag;
}

function unknownOverride(
  override: Override,
  path: readonly string[],
  section: SchemaNode,
  target: OverrideTarget,
): PlatformError {
  if (override.origin.kind === "flag") return unknownSetting(path, override.origin, target, section);
  // One underscore too few or too many is the usual slip, so whole names are compared.
  const named = new Map(settingPaths(target.node).map((inner) => [spellPath(inner), inner]));
  const written = override.steps.slice(target.prefix.length).join("__");
  const near = named.get(nearest(written.toUpperCase(), named.keys()) ?? "");
  return unknownSetting(path, override.origin, target, section, near && [...target.prefix, ...near]);
}
