import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import { isSignatureOf, type SignedContent } from "./sign.ts";
import { parseSignature, signatureFileName } from "./signature-file.ts";

/** Whom a platform believes. */
export interface SignaturePolicy {
  /** Public keys, base64 of the 32 bytes. */
  readonly trustedKeys: readonly string[];
  /** `required`: only plugins that a trusted key has signed. */
  readonly signatures: "optional" | "required";
}

/** What is to be said of a plugin's signature. */
export interface SignatureVerdict {
  /** The key that has signed, whether or not it is trusted; `undefined` for a plugin that is not signed. */
  readonly signedBy: string | undefined;
  readonly isTrusted: boolean;
  /** Why the plugin is refused. */
  readonly problem: PlatformError | undefined;
  /** What is worth saying though nothing is refused. */
  readonly notice: PlatformError | undefined;
}

/**
 * Holds the signature of a plugin against its content and against the keys that are trusted. A wrong one
 * is always refused.
 *
 * @param file the content of the signature's file; `undefined` where there is none.
 */
export function judgeSignature(
  content: SignedContent,
  file: Buffer | undefined,
  { trustedKeys, signatures }: SignaturePolicy,
  at: readonly SourceLocation[],
): SignatureVerdict {
  const plugin = content.name;
  const unsigned = { signedBy: undefined, isTrusted: false, problem: undefined, notice: undefined };
  if (file === undefined) {
    if (signatures === "optional") return unsigned;
    return { ...unsigned, problem: platformError("PLUGIN_SIGNATURE_MISSING", { plugin }, { at }) };
  }
  const signature = parseSignature(file.toString("latin1"));
  const invalid = (reason: string) => platformError("PLUGIN_SIGNATURE_INVALID", { plugin, reason }, { at });
  if (signature === undefined) {
    return { ...unsigned, problem: invalid(`${signatureFileName} is not as platformctl plugins sign writes it`) };
  }
  if (!isSignatureOf(content, signature)) {
    return { ...unsigned, problem: invalid("it was not made for these files, this name and this version") };
  }
  const { key } = signature;
  const signed = { signedBy: key, isTrusted: trustedKeys.includes(key), problem: undefined, notice: undefined };
  if (signed.isTrusted) return signed;
  const unknown = platformError("PLUGIN_SIGNATURE_UNKNOWN", { plugin, key }, { at });
  return signatures === "required" ? { ...signed, problem: unknown } : { ...signed, notice: unknown };
}
