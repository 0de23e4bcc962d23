import path from "node:path";
import { readManifests } from "@plinth/kernel";
import { PlatformErrors } from "@plinth/module";
import { embeddedFiles } from "./embedded-files.ts";
import { listSource } from "./list-source.ts";
import { rememberedFacts } from "./module-facts.ts";
import { entryOf, listFileName, placeOf } from "./module-place.ts";
import { moduleSchema } from "./module-schema.ts";
import { manifestsOf, type Root } from "./roots.ts";

/** The list of a platform's modules, for a program that holds their files too. */
export interface EmbeddedList {
  /** The file that it takes the place of, absolute. */
  readonly file: string;
  readonly source: string;
  /** The files that it was made of, absolute. */
  readonly from: readonly string[];
}

/**
 * Makes the source of a list of modules as `modules.gen.ts` is one, which names the files of each
 * module too. It is for a bundler, in the place of that file, and is nowhere written.
 *
 * @throws PlatformErrors with everything that is wrong.
 */
export function embeddedList(root: Root): EmbeddedList {
  const found = manifestsOf(root);
  const read = readManifests(found.files, moduleSchema());
  const problems = [...found.problems, ...read.problems];
  if (problems.length > 0) throw new PlatformErrors(problems);
  const modules = read.manifests.map((manifest) => {
    const place = placeOf(manifest.file ?? root.folder);
    const { folder, generated } = place;
    const entry = entryOf(folder, manifest.main);
    return { folder, generated, entry, facts: rememberedFacts(manifest), files: embeddedFiles(manifest, folder) };
  });
  const file = path.join(root.folder, listFileName);
  const embedded = modules.flatMap(({ folder, files }) => files.map((each) => path.join(folder, each.path)));
  return { file, source: listSource(modules, file), from: [...found.files, ...embedded] };
}
