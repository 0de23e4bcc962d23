import { existsSync } from "node:fs";
import path from "node:path";
import { manifestFileName, matchFolders } from "@plinth/kernel";
import type { CurrentModule } from "./current-modules.ts";
import { isTooFresh, type Signature, signatureOf } from "./files/signature.ts";
import type { Run } from "./generate.ts";
import { type LastRun, type RememberedModule, remember } from "./last-run.ts";
import { listFileName } from "./module-place.ts";

/** Keeps what a run has found, unless it is not to be kept. */
export function rememberRun({ root, platform, found, memory, now }: Run, modules: readonly CurrentModule[]): void {
  if (memory === false) return;
  const { patterns } = found;
  const folders = new Set(modules.map(({ folder }) => folder));
  const others = patterns
    .flatMap((pattern) => matchFolders(root.folder, pattern))
    .filter((folder) => !folders.has(folder))
    .map((folder): LastRun["others"][number] => [folder, signatureOf(folder) ?? null]);
  // What could change unnoticed is not remembered, and the next run looks for modules again.
  const isSettled =
    platform !== undefined &&
    !isTooFresh(platform, now) &&
    others.every(([folder, signature]) => isSettledOther(folder, signature, now));
  const run = {
    platform: isSettled ? platform : null,
    patterns,
    others,
    modules: modules.map(rememberedModule),
    list: signatureOf(path.join(root.folder, listFileName)) ?? null,
  };
  remember(
    memory,
    run,
    modules.map(({ facts }) => facts),
  );
}

function isSettledOther(folder: string, signature: Signature | null, now: number): boolean {
  return signature === null || (!isTooFresh(signature, now) && !existsSync(path.join(folder, manifestFileName)));
}

function rememberedModule({ folder, input, generated, main, entry }: CurrentModule): RememberedModule {
  return {
    folder,
    input: input ?? null,
    output: (generated === undefined ? undefined : signatureOf(generated)) ?? null,
    main: main ?? null,
    entry: entry ?? null,
  };
}
