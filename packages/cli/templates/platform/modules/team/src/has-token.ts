import { createHash, timingSafeEqual } from "node:crypto";

/** Whether the header `authorization` brings the token; never where there is none. */
export function hasToken(header: string | undefined, token: string | undefined): boolean {
  if (header === undefined || token === undefined) return false;
  // Equally long, and compared in a time that tells nothing.
  return timingSafeEqual(hash(header), hash(`Bearer ${token}`));
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
