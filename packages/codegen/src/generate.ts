import { readManifests } from "@plinth/kernel";
import { type Clock, type Manifest, type PlatformError, systemClock } from "@plinth/module";
import { type CheckedModule, checkModules } from "./check-modules.ts";
import { signatureOf } from "./files/signature.ts";
import { type LastRun, lastRunFile, recall, remember } from "./last-run.ts";
import { listSource } from "./list-source.ts";
import { rememberedFacts } from "./module-facts.ts";
import { entryOf } from "./module-place.ts";
import { moduleSchema } from "./module-schema.ts";
import { type GeneratedFile, type Output, produce } from "./produce.ts";
import { manifestsOf, type Root } from "./roots.ts";
import { moduleSource } from "./source/module-source.ts";
import { type SurveyedModule, survey } from "./survey.ts";

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
  /** By path, the list of modules last. Empty where there are problems. */
  readonly files: readonly GeneratedFile[];
  /** Everything that is wrong; unless it is about writing itself, nothing has been written then. */
  readonly problems: readonly PlatformError[];
}

/**
 * Generates the sources of a root: `src/module.gen.ts` for each module and, for a platform,
 * `src/modules.gen.ts`. Files that are up to date are not touched, the others are replaced as a
 * whole. Throws nothing for what people wrote.
 */
export function generate(root: Root, options: GenerateOptions = {}): Generated {
  const found = manifestsOf(root);
  if (found.problems.length > 0) return { root, files: [], problems: found.problems };
  const isCheck = options.check === true;
  const memory = isCheck ? false : (options.memory ?? lastRunFile(root) ?? false);
  const { clock = systemClock } = options;
  const run: Run = { root, manifests: found.files, memory, isCheck, clock };
  const last = memory === false ? undefined : recall(memory);
  const generated = generateFrom(run, last);
  // What is wrong between modules can only be told with all their manifests at hand.
  return generated.problems.length > 0 && last !== undefined ? generateFrom(run, undefined) : generated;
}

interface Run {
  readonly root: Root;
  readonly manifests: readonly string[];
  readonly memory: string | false;
  readonly isCheck: boolean;
  readonly clock: Pick<Clock, "wallTime">;
}

function generateFrom({ root, manifests, memory, isCheck, clock }: Run, last: LastRun | undefined): Generated {
  const { modules, list, isUnchanged } = survey(root, manifests, last, clock.wallTime());
  const all = filesOf(modules, list);
  if (isUnchanged) return { root, files: all, problems: [] };

  const unknown = modules.filter(({ known }) => known === undefined).map(({ manifest }) => manifest);
  const read = readManifests(unknown, moduleSchema());
  if (read.problems.length > 0) return { root, files: [], problems: read.problems };
  const current = currentModules(modules, read.manifests, last);
  const problems = checkModules(current);
  if (problems.length > 0) return { root, files: [], problems };

  const produced = produce(outputsOf(root, current, list), isCheck);
  if (memory !== false && produced.problems.length === 0) rememberRun(memory, current, list);
  const byFile = new Map(produced.files.map((each) => [each.file, each]));
  return { root, files: all.map((each) => byFile.get(each.file) ?? each), problems: produced.problems };
}

function filesOf(modules: readonly SurveyedModule[], list: string | undefined): GeneratedFile[] {
  const files = modules.flatMap(({ generated }) => generated ?? []);
  return [...files, ...(list === undefined ? [] : [list])].map((file) => ({ file, status: "unchanged" }));
}

interface CurrentModule extends SurveyedModule, CheckedModule {
  readonly main: string | undefined;
  readonly entry: string | undefined;
}

/** All modules with what they say: the ones that have been read, and the others as they are remembered. */
function currentModules(
  modules: readonly SurveyedModule[],
  manifests: readonly Manifest[],
  last: LastRun | undefined,
): CurrentModule[] {
  const read = new Map(manifests.map((manifest) => [manifest.file, manifest]));
  const remembered = manifests.length < modules.length ? (last?.facts() ?? []) : [];
  return modules.flatMap((module): CurrentModule[] => {
    const { manifest: file, folder, known } = module;
    const manifest = read.get(file);
    if (manifest !== undefined) {
      const { main } = manifest;
      return [
        { ...module, file, content: manifest, main, entry: entryOf(folder, main), facts: rememberedFacts(manifest) },
      ];
    }
    const facts = known && remembered[known.index];
    if (known === undefined || facts === undefined) return [];
    return [{ ...module, file, content: undefined, main: known.main, entry: known.entry, facts }];
  });
}

function outputsOf(root: Root, modules: readonly CurrentModule[], list: string | undefined): Output[] {
  const outputs = modules.flatMap(({ content, generated, folder }): Output[] =>
    content === undefined || generated === undefined ? [] : [{ file: generated, folder, text: moduleSource(content) }],
  );
  return list === undefined
    ? outputs
    : [...outputs, { file: list, folder: root.folder, text: listSource(modules, list) }];
}

function rememberRun(memory: string, modules: readonly CurrentModule[], list: string | undefined): void {
  const remembered = modules.map(({ manifest, input, generated, main, entry }) => ({
    manifest,
    input: input ?? null,
    output: (generated === undefined ? undefined : signatureOf(generated)) ?? null,
    main: main ?? null,
    entry: entry ?? null,
  }));
  const listed = (list === undefined ? undefined : signatureOf(list)) ?? null;
  remember(
    memory,
    { modules: remembered, list: listed },
    modules.map(({ facts }) => facts),
  );
}
