import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { publicKeyOf, publicText } from "./keys.ts";
import type { Signature } from "./signature-file.ts";

/** What a signature speaks of. */
export interface SignedContent {
  readonly name: string;
  readonly version: string;
  /** Of all files but the signature itself. */
  readonly integrity: string;
}

/** Signs a plugin. */
export function signContent(content: SignedContent, privateKey: KeyObject): Signature {
  const value = sign(null, messageOf(content), privateKey).toString("base64");
  return { key: publicText(createPublicKey(privateKey)), value };
}

/** Whether the signature was made with its key, for exactly this content. */
export function isSignatureOf(content: SignedContent, { key, value }: Signature): boolean {
  return verify(null, messageOf(content), publicKeyOf(key, "the key of the signature"), Buffer.from(value, "base64"));
}

/** Begins with what it is, so that a signature of something else is never taken for one of a plugin. */
function messageOf({ name, version, integrity }: SignedContent): Buffer {
  return Buffer.from(`plinth plugin 1\n${name}\n${version}\n${integrity}\n`);
}
