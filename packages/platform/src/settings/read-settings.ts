import path from "node:path";
import type { PlatformError } from "@plinth/module";
import { applyOverrides } from "./apply-overrides.ts";
import { overridesFromAssignments } from "./assignment.ts";
import { type Environment, keysMeantBy, overridesFromEnvironment } from "./environment.ts";
import { explainIssue } from "./explain.ts";
import { isRecord, rootNode } from "./json-schema.ts";
import { effectiveValues, type Layer, originIn, overlay } from "./layers.ts";
import type { Origin } from "./origin.ts";
import type { Override } from "./override.ts";
import { readPlatformFile } from "./platform-file.ts";
import {
  defaultKeys,
  type PlatformKeys,
  platformKeyNames,
  platformKeys,
  platformKeysSchema,
  type WrittenKeys,
} from "./platform-keys.ts";
import { checkSimple } from "./simple-schema.ts";

/** Where settings come from, the weaker before the stronger. Nothing else is looked at. */
export interface SettingsInput {
  /** The folder that holds platform.yaml, absolute; without it no file is read. */
  readonly root?: string | undefined;
  /** Settings given by the program, as platform.yaml would write them. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  /** Variables such as `PLATFORM_HTTP__PORT`; those that do not begin with `PLATFORM_` are ignored. */
  readonly env?: Environment | undefined;
  /** Assignments such as `http.port=8080`. */
  readonly set?: readonly string[] | undefined;
}

/**
 * What was given, with the platform's own keys settled. The settings of modules wait for
 * `resolveSettings`, since only manifests tell which settings there are.
 */
export interface SettingsSources {
  readonly root: string | undefined;
  /** platform.yaml, absolute; `undefined` where there is no root. */
  readonly file: string | undefined;
  /** The platform's own settings; a default stands in for one that is wrong. */
  readonly platform: PlatformKeys;
  /** What is wrong with the file, the flags and the platform's own keys. */
  readonly problems: readonly PlatformError[];
  /** The weakest first. */
  readonly layers: readonly Layer[];
  /** Overrides of all but the platform's own keys, the weakest first. */
  readonly overrides: readonly Override[];
  /**
   * `false` when platform.yaml, or its `modules`, could not be read: `platform.modules` is empty then,
   * and a name that belongs to no module may well be right.
   */
  readonly modulesKnown: boolean;
  /** Where one of the platform's own settings, such as `["stop", "timeout"]`, came from. */
  originOf(path: readonly string[]): Origin;
}

const ownNode = rootNode(platformKeysSchema);

/** Reads platform.yaml and sorts the overrides. Throws nothing: what is wrong is in `problems`. */
export function readSettings(input: SettingsInput): SettingsSources {
  const file = input.root === undefined ? undefined : path.join(input.root, "platform.yaml");
  const read = file === undefined ? undefined : readPlatformFile(file);
  const assigned = overridesFromAssignments(input.set ?? []);
  const given: Layer[] = [];
  if (input.values !== undefined) given.push({ values: input.values, originOf: () => ({ kind: "code" }) });
  if (read?.layer !== undefined) given.push(read.layer);

  const overrides = [...overridesFromEnvironment(input.env ?? {}), ...assigned.overrides];
  const own = applyOverrides(overrides.filter(isOwn), {
    owner: "the platform",
    prefix: [],
    node: ownNode,
    values: effectiveValues(given),
  });
  const layers = [...given, ...own.layers];
  const checked = checkOwnKeys(layers);
  const modulesKnown = (read === undefined || read.layer !== undefined) && !checked.wrong.has("modules");
  const defaults = defaultKeys(input.root, modulesKnown);
  return {
    root: input.root,
    file,
    platform: platformKeys(overlay(defaults, checked.values) as WrittenKeys),
    problems: [...(read?.problems ?? []), ...assigned.problems, ...own.problems, ...checked.problems],
    layers,
    overrides: overrides.filter((override) => !isOwn(override)),
    modulesKnown,
    originOf: (at) => originIn(layers, at),
  };
}

function isOwn({ steps: [first = ""], origin }: Override): boolean {
  return origin.kind === "flag" ? platformKeyNames.includes(first) : keysMeantBy(first, platformKeyNames).length > 0;
}

/** The own keys without those that are wrong, and why these are. A key with nothing behind it counts as left out. */
function checkOwnKeys(layers: readonly Layer[]) {
  const values = Object.fromEntries(
    Object.entries(effectiveValues(layers)).filter(([key, value]) => platformKeyNames.includes(key) && value !== null),
  );
  const issues = checkSimple(platformKeysSchema, values);
  const problems = issues.map((issue) =>
    explainIssue(issue, {
      owner: "the platform",
      prefix: [],
      node: ownNode,
      originOf: (at, part) => originIn(layers, at, part),
      missingAt: () => [],
    }),
  );
  return {
    values: issues.reduce<unknown>((rest, issue) => without(rest, issue.path), values),
    wrong: new Set(issues.map(({ path }) => path[0])),
    problems,
  };
}

/** A copy without what is at `path`; of a list nothing is left then. */
function without(values: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || !isRecord(values) || !Object.hasOwn(values, key)) return values;
  const { [key]: inner, ...others } = values;
  return rest.length > 0 && isRecord(inner) ? { ...others, [key]: without(inner, rest) } : others;
}
