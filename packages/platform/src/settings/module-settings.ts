import type { Locate } from "@plinth/kernel";
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
  /** Finds places in manifests. */
  readonly locate: Locate;
}

/** Puts the settings of one module together and checks them. */
export function moduleSettings(
  module: ConfigurableModule,
  given: GivenSettings,
  compile: CompileConfig,
): ModuleSettings {
  const { name } = module;
  let config: CompiledConfig;
  try {
    config = compile(module.config ?? {});
  } catch (error) {
    const at = inManifest(module, given.locate, []);
    const problem = platformError("SETTINGS_SCHEMA", { module: name, reason: (error as Error).message }, { at });
    return { values: {}, problems: [problem], node: undefined, originOf: () => ({ kind: "default" }) };
  }
  const { node } = config;
  const { locate } = given;
  const owner = `module "${name}"`;
  const overridden = applyOverrides(given.overrides, {
    owner,
    prefix: [name],
    node,
    values: effectiveValues(given.layers)[name],
  });
  const layers = [...given.layers, ...overridden.layers];
  const originOf: ModuleSettings["originOf"] = (path, part) => {
    const given = originIn(layers, path, part);
    const [at] = given.kind === "default" ? inManifest(module, locate, [...inConfig(path.slice(1)), "default"]) : [];
    return at === undefined ? given : { kind: "default", at };
  };
  const missingAt = (path: readonly string[]) => [
    ...inPlatformFile(path, layers, given.file),
    ...inManifest(module, locate, [...inConfig(path.slice(1, -1)), "required"]),
  ];
  const about = { owner, prefix: [name], node, originOf, missingAt };

  // Nothing under the key is the same as no key.
  const value: unknown = copyData(effectiveValues(layers)[name] ?? {});
  if (!isRecord(value)) {
    const issue = { kind: "invalid", path: [], value, schema: { type: "object" }, keyword: "type" } as const;
    return { values: {}, problems: [...overridden.problems, explainIssue(issue, about)], node, originOf };
  }
  const problems = config.check(value).map((issue) => explainIssue(issue, about));
  return { values: deepFreeze(value), problems: [...overridden.problems, ...problems], node, originOf };
}

/** The place of a part of the `config` section in the module's manifest; none for an inline one. */
function inManifest({ file }: ConfigurableModule, locate: Locate, path: readonly string[]): SourceLocation[] {
  return file === undefined ? [] : [locate(file, ["config", ...path])];
}

/** Where the schema of a setting stands in the `config` section, if it is written the usual way. */
function inConfig(path: readonly string[]): string[] {
  return path.flatMap((key) => ["properties", key]);
}

/** The nearest section around a missing setting that platform.yaml has, else the file itself. */
function inPlatformFile(
  path: readonly string[],
  layers: readonly Layer[],
  file: string | undefined,
): readonly SourceLocation[] {
  for (let above = path.slice(0, -1); above.length > 0; above = above.slice(0, -1)) {
    const origin = originIn(layers, above, "key");
    if (origin.kind === "file") return [origin.at];
  }
  return file === undefined ? [] : [{ file }];
}
