import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type ManifestSchema, manifestFileName, readManifests } from "@plinth/kernel";
import { type Manifest, type PlatformError, PlatformErrors, platformError } from "@plinth/module";
import type { FetchedPlugin } from "../fetch/fetch-plugin.ts";
import type { PluginFile } from "../files/plugin-file.ts";
import { contentIntegrity, type FileHashes, hashFiles } from "../integrity/content.ts";
import { relocated } from "../relocated.ts";
import { judgeSignature, type SignaturePolicy } from "../signature/judge-signature.ts";
import { signatureFileName } from "../signature/signature-file.ts";
import { checkPackages } from "./check-packages.ts";

/** A fetched plugin of which everything is known that can be known without running it. */
export interface ExaminedPlugin extends FetchedPlugin {
  readonly manifest: Manifest;
  readonly hashes: FileHashes;
  readonly integrity: string;
  /** Of all its files. */
  readonly bytes: number;
  readonly signedBy: string | undefined;
  readonly isTrusted: boolean;
  /** Worth saying though nothing is refused. */
  readonly notice: PlatformError | undefined;
}

/**
 * Checks manifest, signature and packages of a fetched plugin.
 *
 * @param root the platform's folder, absolute.
 * @throws PlatformErrors with everything that is wrong.
 */
export function examinePlugin(
  fetched: FetchedPlugin,
  schema: ManifestSchema,
  root: string,
  policy: SignaturePolicy,
): ExaminedPlugin {
  const { files, place } = fetched;
  const manifest = readManifest(fetched, schema);
  const { name, version } = manifest;
  const hashes = hashFiles(files);
  const integrity = contentIntegrity(hashes);
  const signature = files.find((file) => file.path === signatureFileName)?.bytes;
  const verdict = judgeSignature({ name, version, integrity }, signature, policy, [{ file: place }]);
  const problems = [
    ...(verdict.problem === undefined ? [] : [verdict.problem]),
    ...checkMain(manifest, files),
    ...checkPackages(name, files, root),
  ];
  if (problems.length > 0) throw new PlatformErrors(problems);
  const { signedBy, isTrusted, notice } = verdict;
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  return { ...fetched, manifest, hashes, integrity, bytes, signedBy, isTrusted, notice };
}

/**
 * The manifest of a plugin that is only in memory; it has no file.
 *
 * @throws PlatformError `PLUGIN_MANIFEST_MISSING`, or PlatformErrors with what is wrong with it.
 */
export function readManifest(
  { files, place }: Pick<FetchedPlugin, "files" | "place">,
  schema: ManifestSchema,
): Manifest {
  const found = files.find((file) => file.path === manifestFileName);
  if (found === undefined) throw platformError("PLUGIN_MANIFEST_MISSING", { source: place }, { at: [{ file: place }] });
  const folder = mkdtempSync(path.join(tmpdir(), "plinth-plugin-"));
  try {
    const copy = path.join(folder, manifestFileName);
    writeFileSync(copy, found.bytes);
    const { manifests, problems } = readManifests([copy], schema);
    const [manifest] = manifests;
    if (manifest !== undefined) return { ...manifest, file: undefined };
    throw new PlatformErrors(problems.map((problem) => relocated(problem, () => path.join(place, manifestFileName))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkMain({ name, main }: Manifest, files: readonly PluginFile[]): readonly PlatformError[] {
  if (main === undefined || files.some((file) => file.path === path.posix.normalize(main))) return [];
  return [platformError("LOAD_ENTRY_MISSING", { module: name, main })];
}
