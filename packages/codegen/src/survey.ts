import { manifestFileName } from "@plinth/kernel";
import { isSame, isTooFresh, type Signature, signatureOf } from "./files/signature.ts";
import type { LastRun, RememberedModule } from "./last-run.ts";
import { entryOf, type ModulePlace, placeOf } from "./module-place.ts";

/** A module as its files are now. */
export interface SurveyedModule extends ModulePlace {
  /** Of the manifest; `undefined` where a change after this could go unnoticed. */
  readonly input: Signature | undefined;
  /** Its place in the last run; `undefined` for a new module. */
  readonly index: number | undefined;
  /** Set where manifest and generated file are as the last run left them, so that neither need be read. */
  readonly known: KnownModule | undefined;
}

/** A module whose manifest need not be read. */
export interface KnownModule {
  readonly main: string | undefined;
  /** The file with its code, as it is now. */
  readonly entry: string | undefined;
  /** Whether that is the same as in the last run. */
  readonly isEntrySame: boolean;
}

/** Looks at the files of modules without reading any. */
export function survey(manifests: readonly string[], last: LastRun | undefined, now: number): SurveyedModule[] {
  const indices = new Map(last?.modules.map(({ folder }, index) => [folder, index]));
  return manifests.map((manifest) => {
    const place = placeOf(manifest);
    const seen = signatureOf(manifest);
    const index = indices.get(place.folder);
    const before = index === undefined ? undefined : last?.modules[index];
    const { folder, generated } = place;
    const input = seen === undefined || isTooFresh(seen, now) ? undefined : seen;
    return { manifest, folder, generated, input, index, known: knownModule(place, seen, before) };
  });
}

/** The manifests of the modules of the last run. */
export function manifestsBefore({ modules }: LastRun): string[] {
  return modules.map(({ folder }) => `${folder}/${manifestFileName}`);
}

function knownModule(
  { folder, generated }: ModulePlace,
  seen: Signature | undefined,
  before: RememberedModule | undefined,
): KnownModule | undefined {
  if (before === undefined || !isSame(seen, before.input)) return undefined;
  if (generated !== undefined && !isSame(signatureOf(generated), before.output)) return undefined;
  const main = before.main ?? undefined;
  const entry = entryOf(folder, main);
  return { main, entry, isEntrySame: (entry ?? null) === before.entry };
}
