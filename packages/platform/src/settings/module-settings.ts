import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { applyOverrides } from "./apply-overrides.ts";
import type { CompileConfig, CompiledConfig } from "./config-validator.ts";
import { explainIssue } from "./explain.ts";
import { isRecord, type JsonSchema, type SchemaNode } from "./json-schema.ts";
import { effectiveValues, type Layer, originIn } from "./layers.ts";
import type { Origin } from "./origin.ts";
import type { Override } from "./override.ts";
import { copyData, deepFreeze } from "./plain-data.ts";

/** What is known of a module whose settings are wanted. */
export interface ConfigurableModule {
  readonly name: string;
  /** The `config` section of its manifest. */
  readonly config: JsonSchema | undefined;
  /** The manifest, absolute; `undefined` for an inline one. */
  readonly file: string | undefined;
}

/** The settings of one module. */
export interface ModuleSettings {
  /** Frozen, with defaults. As far as it was readable where there are problems. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly PlatformError[];
  /** `undefined` where the module's schema could not be used. */
  readonly node: SchemaNode | undefined;
  /** Where the value, or the key, at a path that begins with the module's name came from. */
  originOf(path: readonly string[], part?: "key" | "value"): Origin;
}

/** What was given for one module. */
export interface GivenSettings {
  /** The weakest first, from the root of platform.yaml. */
  readonly layers: readonly Layer[];
  readonly overrides: readonly Override[];
  /** platform.yaml, where there is one. */
  readonly file: string | undefined;
}

/** Puts the settings of one module together and checks them. */
export function moduleSettings(
  module: ConfigurableModule,
  given: GivenSettings,
  compile: CompileConfig,
): ModuleSettings {
  const { name } = module;
  const at = module.file === undefined ? [] : [{ file: module.file }];
  let config: CompiledConfig;
  try {
    config = compile(module.config ?? {});
  } catch (error) {
    const problem = platformError("SETTINGS_SCHEMA", { module: name, reason: (error as Error).message }, { at });
    return { values: {}, problems: [problem], node: undefined, originOf: () => ({ kind: "default" }) };
  }
  const { node } = config;
  const owner = `module "${name}"`;
  const overridden = applyOverrides(given.overrides, {
    owner,
    prefix: [name],
    node,
    values: effectiveValues(given.layers)[name],
  });
  const layers = [...given.layers, ...overridden.layers];
  const inManifest: Origin = at[0] === undefined ? { kind: "default" } : { kind: "default", at: at[0] };
  const originOf: ModuleSettings["originOf"] = (path, part) => originIn(layers, path, part, inManifest);
  const about = { owner, prefix: [name], node, originOf, missingAt: missingAt(module, given, originOf) };

  // Nothing under the key is the same as no key.
  const value: unknown = copyData(effectiveValues(layers)[name] ?? {});
  if (!isRecord(value)) {
    const issue = { kind: "invalid", path: [], value, schema: { type: "object" }, keyword: "type" } as const;
    return { values: {}, problems: [...overridden.problems, explainIssue(issue, about)], node, originOf };
  }
  const problems = config.check(value).map((issue) => explainIssue(issue, about));
  return { values: deepFreeze(value), problems: [...overridden.problems, ...problems], node, originOf };
}

/** The module's section where platform.yaml has one, else that file, then the manifest. */
function missingAt(module: ConfigurableModule, given: GivenSettings, originOf: ModuleSettings["originOf"]) {
  const places: SourceLocation[] = [];
  const origin = originOf([module.name], "key");
  if (origin.kind === "file") places.push(origin.at);
  else if (given.file !== undefined) places.push({ file: given.file });
  if (module.file !== undefined) places.push({ file: module.file });
  return places;
}
