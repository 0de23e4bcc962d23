import path from "node:path";
import { type Manifest, type PlatformError, platformError, problemsOf } from "@plinth/module";
import { type CheckedManifest, validate } from "./check-manifest.ts";
import { resolveInside } from "./inside.ts";
import { createLocate } from "./locate.ts";
import type { ManifestSchema } from "./manifest-schema.ts";
import { fileOrigin, type Origin } from "./origin.ts";
import { positionAt } from "./position.ts";
import { readText } from "./read-text.ts";
import { isMapping } from "./text.ts";
import { findTwins, twinError } from "./twins.ts";
import { flawErrors, parseYaml } from "./yaml-document.ts";

/** What a number of manifest files say. */
export interface ReadManifests {
  /** The manifests that are in order, in the order of their files. */
  readonly manifests: readonly Manifest[];
  /** Everything that is wrong with the others, file by file from top to bottom. */
  readonly problems: readonly PlatformError[];
  /**
   * The names of the modules whose manifests were refused, as far as they can be told: where a name
   * could not be read, it is taken to be that of the folder. Nobody should be told that these are missing.
   */
  readonly refused: readonly string[];
}

/**
 * Reads and checks the manifests in `files`, one after another and synchronously, which is quickest.
 * Never throws for what is in a file: all problems of all files are told together, each with its place.
 */
export function readManifests(files: readonly string[], schema: ManifestSchema): ReadManifests {
  const manifests: Manifest[] = [];
  const problems: PlatformError[] = [];
  const refused: string[] = [];
  for (const each of files) {
    const file = path.isAbsolute(each) ? each : path.resolve(each);
    const text = readText(file);
    const read = typeof text === "string" ? checkText(file, text, schema) : { problems: [text] };
    if (read.manifest !== undefined) manifests.push(read.manifest);
    else refused.push(read.name ?? path.basename(path.dirname(file)));
    problems.push(...read.problems);
  }
  return withoutTwins({ manifests, problems, refused });
}

interface ReadManifest {
  readonly manifest?: Manifest | undefined;
  /** What the manifest calls the module, whether or not it is in order. */
  readonly name?: string | undefined;
  readonly problems: readonly PlatformError[];
}

function checkText(file: string, text: string, schema: ManifestSchema): ReadManifest {
  const document = parseYaml(text);
  if ("reason" in document) {
    const at = [{ file, ...positionAt(text, document.offset) }];
    return { problems: [platformError("MANIFEST_SYNTAX", { reason: document.reason, mend: document.mend }, { at })] };
  }
  const { value, flaws } = document;
  if ((value === null || value === undefined) && flaws.length === 0) {
    return { problems: [platformError("MANIFEST_EMPTY", {}, { at: [{ file, line: 1, column: 1 }] })] };
  }
  const origin = fileOrigin(file, document);
  const checked = validate(value, schema, origin);
  const name = isMapping(value) && typeof value.name === "string" ? value.name : undefined;
  const problems = [...flawErrors(file, document), ...checked.problems, ...checkMain(checked.manifest, origin)];
  if (problems.length > 1) problems.sort(byPlace);
  return { manifest: problems.length === 0 ? checked.manifest : undefined, name, problems };
}

function byPlace({ at: [a] }: PlatformError, { at: [b] }: PlatformError): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}

/** Follows the links on the way to the entry file, which must not leave the module's folder. */
function checkMain(manifest: CheckedManifest["manifest"], origin: Origin): readonly PlatformError[] {
  if (manifest?.main === undefined || manifest.file === undefined) return [];
  try {
    resolveInside(path.dirname(manifest.file), manifest.main, { key: ["main"], at: origin.at(["main"], "value") });
    return [];
  } catch (error) {
    const problems = problemsOf(error);
    if (problems.length === 0) throw error;
    return problems;
  }
}

function withoutTwins(read: ReadManifests): ReadManifests {
  const groups = findTwins(new Set(read.manifests.map(({ name }) => name)));
  if (groups.length === 0) return read;
  const twins = new Set(groups.flat());
  const locate = createLocate();
  return {
    manifests: read.manifests.filter(({ name }) => !twins.has(name)),
    problems: [...read.problems, ...groups.map((names) => twinError(names, read.manifests, locate))],
    refused: [...read.refused, ...twins],
  };
}
