import path from "node:path";
import { readManifests } from "@plinth/kernel";
import { type Clock, type PlatformError, systemClock } from "@plinth/module";
import { checkModules } from "./check-modules.ts";
import { type CurrentModule, currentModules } from "./current-modules.ts";
import { isSame, type Signature, signatureOf } from "./files/signature.ts";
import { type LastRun, lastRunFile, recall } from "./last-run.ts";
import { isListedAsBefore, listSource } from "./list-source.ts";
import { listFileName } from "./module-place.ts";
import { moduleSchema } from "./module-schema.ts";
import { type GeneratedFile, type Output, produce } from "./produce.ts";
import { rememberRun } from "./remember-run.ts";
import { manifestsOf, platformFileName, type Root, type RootManifests } from "./roots.ts";
import { hasSameModules } from "./same-modules.ts";
import { moduleSource } from "./source/module-source.ts";
import { manifestsBefore, survey } from "./survey.ts";

export interface GenerateOptions {
  /** Writes nothing, and reads everything: what is not up to date is `stale`. Default: `false`. */
  readonly check?: boolean;
  /** The file in which the last run is remembered; `false` for none. Default: one in the nearest `node_modules`. */
  readonly memory?: string | false;
  /** Default: the machine's time. */
  readonly clock?: Pick<Clock, "wallTime">;
}

/** What has been generated for a root. */
export interface Generated {
  readonly root: Root;
  /** By path, the list of modules last. Empty where there are problems, unless these are about writing. */
  readonly files: readonly GeneratedFile[];
  /** Everything that is wrong; nothing has been written then but for what could be where writing itself failed. */
  readonly problems: readonly PlatformError[];
}

/**
 * Generates the sources of a root: `src/module.gen.ts` for each module and, for a platform,
 * `src/modules.gen.ts`. Files that are up to date are not touched, the others are replaced as a
 * whole. Throws nothing for what people wrote.
 */
export function generate(root: Root, options: GenerateOptions = {}): Generated {
  const { clock = systemClock } = options;
  const isCheck = options.check === true;
  const memory = isCheck ? false : (options.memory ?? lastRunFile(root) ?? false);
  const last = memory === false ? undefined : recall(memory);
  const run = { root, memory, isCheck, now: clock.wallTime(), platform: platformSignature(root) };
  if (last !== undefined && hasSameModules(root, last)) {
    const found = { files: manifestsBefore(last), patterns: last.patterns, problems: [] };
    const generated = generateFrom({ ...run, found }, last);
    if (generated.problems.length === 0) return generated;
  }
  const found = manifestsOf(root);
  if (found.problems.length > 0) return { root, files: [], problems: found.problems };
  const generated = generateFrom({ ...run, found }, last);
  // What is wrong between modules can only be told with all their manifests at hand.
  return generated.problems.length > 0 && last !== undefined ? generateFrom({ ...run, found }, undefined) : generated;
}

/** A run on a root whose modules have been found. */
export interface Run {
  readonly root: Root;
  readonly found: RootManifests;
  /** Of platform.yaml, before it was read; `undefined` where there is none. */
  readonly platform: Signature | undefined;
  readonly memory: string | false;
  readonly isCheck: boolean;
  /** Milliseconds since 1970 at which files began to be looked at. */
  readonly now: number;
}

function platformSignature({ folder }: Root): Signature | undefined {
  return signatureOf(path.join(folder, platformFileName));
}

function generateFrom(run: Run, last: LastRun | undefined): Generated {
  const { root, found, isCheck, now } = run;
  const surveyed = survey(found.files, last, now);
  const files = [...surveyed.flatMap(({ generated }) => generated ?? []), ...listFiles(root)].map(unchanged);
  const isComplete = surveyed.length === last?.modules.length && surveyed.every(({ known }) => known?.isEntrySame);
  const isListSame = last !== undefined && listFiles(root).every((file) => isSame(signatureOf(file), last.list));
  if (isComplete && isListSame) return { root, files, problems: [] };

  const unknown = surveyed.filter(({ known }) => known === undefined).map(({ manifest }) => manifest);
  const read = readManifests(unknown, moduleSchema());
  if (read.problems.length > 0) return { root, files: [], problems: read.problems };
  const modules = currentModules(surveyed, read.manifests, last);
  const problems = checkModules(modules);
  if (problems.length > 0) return { root, files: [], problems };

  const isListed = isListSame && modules.length === last.modules.length && modules.every(isListedAsBefore);
  const outputs = [...modules.flatMap(sourceOf), ...(isListed ? [] : listFiles(root).map(listOf(root, modules)))];
  const produced = produce(outputs, isCheck);
  if (produced.problems.length === 0) rememberRun(run, modules);
  const byFile = new Map(produced.files.map((each) => [each.file, each]));
  return { root, files: files.map((each) => byFile.get(each.file) ?? each), problems: produced.problems };
}

function listFiles({ kind, folder }: Root): string[] {
  return kind === "platform" ? [path.join(folder, listFileName)] : [];
}

function unchanged(file: string): GeneratedFile {
  return { file, status: "unchanged" };
}

/** The source that follows from a manifest; none for a module whose manifest has not been read. */
function sourceOf({ content, generated, folder }: CurrentModule): Output[] {
  return content === undefined || generated === undefined
    ? []
    : [{ file: generated, folder, text: moduleSource(content) }];
}

function listOf({ folder }: Root, modules: readonly CurrentModule[]) {
  return (file: string): Output => ({ file, folder, text: listSource(modules, file) });
}
