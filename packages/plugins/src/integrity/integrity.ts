import { createHash } from "node:crypto";

/** The hash of some bytes, as a subresource integrity: `sha512-` and base64. */
export function integrityOf(bytes: Uint8Array | string): string {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}

/** The form of {@link integrityOf}. */
export const integrityPattern = /^sha512-[A-Za-z0-9+/]{86}==$/;
