import { nearest } from "@plinth/kernel";
import { isDuration } from "@plinth/module";
import type { Ajv2020 as Ajv, ErrorObject, Options } from "ajv/dist/2020.js";
import { configSchema } from "./config-schema.ts";
import { endlessReference } from "./endless-reference.ts";
import { isRecord, type JsonSchema, keysOf, nodeAt, rootNode, type SchemaNode } from "./json-schema.ts";
import { isPlainSchema } from "./plain-schema.ts";
import type { SchemaIssue } from "./schema-issue.ts";

/** The `config` section of a manifest, ready to check settings. */
export interface CompiledConfig {
  readonly node: SchemaNode;
  /** Fills defaults into `value`, which it changes, and returns what is wrong with it. */
  check(value: Record<string, unknown>): SchemaIssue[];
}

/** Compiles each distinct section once. Throws an Error whose message says what is wrong with the section. */
export type CompileConfig = (section: JsonSchema) => CompiledConfig;

/** Loads the validator. Equal sections, of whichever modules, share what was compiled. */
export async function createConfigCompiler(): Promise<CompileConfig> {
  // A bundler may know no names of a CommonJS module that is loaded later, but always its default.
  const [ajv2020, formats] = await Promise.all([import("ajv/dist/2020.js"), import("ajv-formats")]);
  const options = {
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    allErrors: true,
    useDefaults: true,
    verbose: true,
    logger: false,
  } as const;
  const make = (more: Options): Ajv => {
    const ajv = new ajv2020.default.Ajv2020({ ...options, ...more });
    formats.default.default(ajv);
    ajv.addFormat("duration", isDuration);
    return ajv;
  };
  // Each is made when there is something for it; the one for plain schemas does without the schema of all schemas.
  const made = new Map<boolean, Ajv>();
  const ajvFor = (schema: JsonSchema): Ajv => {
    const isPlain = isPlainSchema(schema);
    const ajv = made.get(isPlain) ?? make(isPlain ? { meta: false, validateSchema: false } : {});
    made.set(isPlain, ajv);
    return ajv;
  };
  const compiled = new Map<string, CompiledConfig>();
  return (section) => {
    const key = JSON.stringify(section);
    const known = compiled.get(key) ?? compile(ajvFor, section);
    compiled.set(key, known);
    return known;
  };
}

const draft = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;

function compile(ajvFor: (schema: JsonSchema) => Ajv, section: JsonSchema): CompiledConfig {
  if (section.$schema !== undefined && !draft.test(String(section.$schema))) {
    throw new Error(`it asks for ${section.$schema}, and only draft 2020-12 is known`);
  }
  const endless = endlessReference(section);
  if (endless !== undefined) throw new Error(`it refers to itself without end by "${endless}"`);
  const schema = configSchema(section);
  const ajv = ajvFor(schema);
  for (const keyword of annotationsIn(section)) if (ajv.getKeyword(keyword) === false) ajv.addKeyword(keyword);
  const node = rootNode(schema);
  const validate = compileOrExplain(ajv, schema);
  return {
    node,
    check: (value) => (validate(value) ? [] : issuesOf(validate.errors ?? [], node)),
  };
}

function compileOrExplain(ajv: Ajv, schema: JsonSchema) {
  try {
    return ajv.compile(schema);
  } catch (error) {
    const reason = (error as Error).message.replace(/^(strict mode|schema is invalid): /, "").replaceAll("data/", "");
    const keyword = /^unknown keyword: "(.*)"$/.exec(reason)?.[1];
    const near = keyword && nearest(keyword, Object.keys(ajv.RULES.keywords));
    throw new Error(near ? `${reason}, perhaps meant to be "${near}"` : reason);
  } finally {
    ajv.removeSchema(schema);
  }
}

/** Keys that begin with `x-`, which anybody may put into a schema for their own tools. */
function annotationsIn(schema: unknown): Set<string> {
  const found = new Set<string>();
  const waiting = [schema];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...next);
    if (!isRecord(next)) continue;
    for (const [key, value] of Object.entries(next)) {
      if (key.startsWith("x-")) found.add(key);
      else waiting.push(value);
    }
  }
  return found;
}

function issuesOf(errors: readonly ErrorObject[], node: SchemaNode): SchemaIssue[] {
  const issues = leastOf(errors).map(issueOf);
  // A property that broke its schema inside a combined one does not count as evaluated there.
  const known = issues.filter(
    ({ keyword, path }) =>
      keyword !== "unevaluatedProperties" || !isNamed(node, path) || issues.every((issue) => issue.keyword === keyword),
  );
  const seen = new Set<string>();
  return known.filter(({ kind, path }) => {
    const place = `${kind} ${JSON.stringify(path)}`;
    return !seen.has(place) && seen.add(place);
  });
}

function isNamed(node: SchemaNode, path: readonly string[]): boolean {
  const parent = nodeAt(node, path.slice(0, -1));
  return parent !== undefined && keysOf(parent).includes(path.at(-1) ?? "");
}

/** Of the errors of alternatives, those inside the value where there are such; otherwise that no alternative fits. */
function leastOf(errors: readonly ErrorObject[]): ErrorObject[] {
  let rest = errors.filter((error) => error.keyword !== "if");
  for (const choice of errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf")) {
    // An alternative inside another, of the same value, has told it already.
    if (!rest.includes(choice)) continue;
    const isInside = ({ instancePath }: ErrorObject) => instancePath.startsWith(`${choice.instancePath}/`);
    const someInside = rest.some(isInside);
    rest = rest.filter((error) =>
      error.instancePath === choice.instancePath && error.keyword !== "unevaluatedProperties"
        ? error === choice && !someInside
        : true,
    );
  }
  return rest;
}

function issueOf(error: ErrorObject): SchemaIssue {
  const path = error.instancePath.split("/").slice(1).map(unescapePointer);
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const { keyword } = error;
  const unknown: unknown = error.params.additionalProperty ?? error.params.unevaluatedProperty;
  if (typeof unknown === "string") {
    return { kind: "unknown", path: [...path, unknown], value: undefined, schema, keyword };
  }
  const missing: unknown = error.params.missingProperty;
  if (typeof missing === "string") {
    return { kind: "missing", path: [...path, missing], value: undefined, schema, keyword };
  }
  return { kind: "invalid", path, value: error.data, schema, keyword };
}

function unescapePointer(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
