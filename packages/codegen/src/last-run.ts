import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Signature } from "./files/signature.ts";
import type { Root } from "./roots.ts";

/** A module as the last run left it. */
export interface RememberedModule {
  /** Absolute. */
  readonly folder: string;
  /** Of the manifest; `null` where a change could have gone unnoticed, so that it is read again. */
  readonly input: Signature | null;
  /** Of the generated file; `null` for an installed module, which has none of ours. */
  readonly output: Signature | null;
  readonly main: string | null;
  readonly entry: string | null;
}

/** What a run that found nothing wrong leaves for the next one. */
export interface LastRun {
  /** Of platform.yaml; `null` where there is none, or a change could have gone unnoticed. */
  readonly platform: Signature | null;
  /** The patterns that platform.yaml finds modules by. */
  readonly patterns: readonly string[];
  /** Folders that these find and that hold no module, each as it was; `null` for one that is not there. */
  readonly others: readonly (readonly [folder: string, signature: Signature | null])[];
  readonly modules: readonly RememberedModule[];
  /** Of the list of modules; `null` where there is none. */
  readonly list: Signature | null;
  /** What the modules say, in the same order, as far as it concerns other modules. */
  readonly facts: () => readonly RememberedFacts[];
}

/** What a module says as far as it concerns other modules. */
export interface RememberedFacts {
  readonly name: string;
  readonly version: string;
  /** The local codes that may no longer be checked. */
  readonly expired: readonly string[];
  /** Whether its permissions are in order whatever other modules say. */
  readonly isInOrderAlone: boolean;
  /** Each local code with its successor, or `0` where there is none. */
  readonly permissions: readonly (readonly [code: string, successor: string | 0])[];
}

/**
 * Where runs on a root are remembered: in the nearest `node_modules` upwards, as other tools do.
 * `undefined` where there is none; every run then reads all manifests.
 */
export function lastRunFile({ folder }: Root): string | undefined {
  const name = `codegen-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}.jsonl`;
  for (let above = folder; ; above = path.dirname(above)) {
    const modules = path.join(above, "node_modules");
    if (existsSync(modules)) return path.join(modules, ".cache/plinth", name);
    if (path.dirname(above) === above) return undefined;
  }
}

/** The last run; `undefined` where there is none that is complete, or where it was that of another generator. */
export function recall(file: string): LastRun | undefined {
  try {
    const [generator, run = "", facts = "", end] = readFileSync(file, "utf8").split("\n");
    if (generator !== generatorId() || end !== "") return undefined;
    return { ...(JSON.parse(run) as Omit<LastRun, "facts">), facts: () => JSON.parse(facts) as RememberedFacts[] };
  } catch {
    // Without a memory everything is read again, which is never wrong.
    return undefined;
  }
}

/** Keeps a run for {@link recall}. A place that cannot be written is no reason to fail. */
export function remember(file: string, run: Omit<LastRun, "facts">, facts: readonly RememberedFacts[]): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    // A file system takes its time to replace a file safely; half a memory is none, and does no harm.
    rmSync(file, { force: true });
    writeFileSync(file, `${generatorId()}\n${JSON.stringify(run)}\n${JSON.stringify(facts)}\n`);
  } catch {
    // The next run reads all manifests again.
  }
}

/** What makes the same manifests give other sources: the files of this package. */
function generatorId(): string {
  const hash = createHash("sha256");
  for (const folder of [import.meta.dirname, path.join(import.meta.dirname, "source")]) {
    for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
      const { size, mtimeMs } = statSync(path.join(folder, name));
      hash.update(`${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex");
}
