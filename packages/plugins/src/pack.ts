import type { KeyObject } from "node:crypto";
import type { ManifestSchema } from "@plinth/kernel";
import { writeArchive } from "./archive/write-archive.ts";
import { readManifest } from "./examine/examine-plugin.ts";
import type { FetchedPlugin } from "./fetch/fetch-plugin.ts";
import { contentIntegrity, hashFiles } from "./integrity/content.ts";
import { signContent } from "./signature/sign.ts";
import { formatSignature, signatureFileName } from "./signature/signature-file.ts";

/** A plugin's archive. */
export interface PackedPlugin {
  readonly name: string;
  readonly version: string;
  /** Of all files but the signature. */
  readonly integrity: string;
  /** The public key that it is signed with, base64. */
  readonly signedBy: string | undefined;
  readonly files: readonly string[];
  readonly archive: Buffer;
}

/**
 * Makes the archive of a plugin; the same files give the same bytes. A signature that was
 * among the files is left out.
 *
 * @param key the private key to sign with.
 * @throws PlatformErrors with what is wrong with the manifest.
 */
export function packPlugin(fetched: FetchedPlugin, schema: ManifestSchema, key?: KeyObject): PackedPlugin {
  const files = fetched.files.filter((file) => file.path !== signatureFileName);
  const { name, version } = readManifest({ ...fetched, files }, schema);
  const integrity = contentIntegrity(hashFiles(files));
  const signature = key === undefined ? undefined : signContent({ name, version, integrity }, key);
  const signed =
    signature === undefined
      ? files
      : [...files, { path: signatureFileName, bytes: Buffer.from(formatSignature(signature)) }];
  return {
    name,
    version,
    integrity,
    signedBy: signature?.key,
    files: signed.map((file) => file.path).sort(),
    archive: writeArchive(signed),
  };
}
