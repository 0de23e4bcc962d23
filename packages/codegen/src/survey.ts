import path from "node:path";
import { isSame, isTooFresh, type Signature, signatureOf } from "./files/signature.ts";
import type { LastRun, RememberedModule } from "./last-run.ts";
import { entryOf, listFileName, type ModulePlace, placeOf } from "./module-place.ts";
import type { Root } from "./roots.ts";

/** A module as its files are now. */
export interface SurveyedModule extends ModulePlace {
  /** Of the manifest; `undefined` where a change after this could go unnoticed. */
  readonly input: Signature | undefined;
  /** Set where manifest and generated file are as the last run left them. */
  readonly known: KnownModule | undefined;
}

/** A module whose manifest need not be read. */
export interface KnownModule {
  /** Its place in the last run. */
  readonly index: number;
  readonly main: string | undefined;
  /** The file with its code, as it is now. */
  readonly entry: string | undefined;
}

/** The files of a root, compared with what the last run left. */
export interface Survey {
  readonly modules: readonly SurveyedModule[];
  /** The list of modules, absolute; `undefined` where there is none. */
  readonly list: string | undefined;
  /** Whether nothing at all has changed since the last run. */
  readonly isUnchanged: boolean;
}

/** Looks at the files of a root without reading any. */
export function survey(root: Root, manifests: readonly string[], last: LastRun | undefined, now: number): Survey {
  const byManifest = new Map(last?.modules.map((module, index) => [module.manifest, { module, index }]));
  const modules = manifests.map((manifest) => surveyModule(manifest, byManifest.get(manifest), now));
  const list = root.kind === "platform" ? path.join(root.folder, listFileName) : undefined;
  const isUnchanged =
    last !== undefined &&
    last.modules.length === modules.length &&
    modules.every(({ known }) => known !== undefined && last.modules[known.index]?.entry === (known.entry ?? null)) &&
    (list === undefined || isSame(signatureOf(list), last.list));
  return { modules, list, isUnchanged };
}

function surveyModule(
  manifest: string,
  last: { readonly module: RememberedModule; readonly index: number } | undefined,
  now: number,
): SurveyedModule {
  const place = placeOf(manifest);
  const seen = signatureOf(manifest);
  const input = seen === undefined || isTooFresh(seen, now) ? undefined : seen;
  if (last === undefined || !isSame(seen, last.module.input)) return { ...place, input, known: undefined };
  if (place.generated !== undefined && !isSame(signatureOf(place.generated), last.module.output)) {
    return { ...place, input, known: undefined };
  }
  const main = last.module.main ?? undefined;
  return { ...place, input, known: { index: last.index, main, entry: entryOf(place.folder, main) } };
}
