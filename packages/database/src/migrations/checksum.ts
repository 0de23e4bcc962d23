import { hash } from "node:crypto";

/** A migration's text as it is compared and run: without a byte order mark, lines ended by `\n`. */
export function normalised(text: string): string {
  return text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
}

/** SHA-256 of a normalised text, in hexadecimal. The same file has one checksum on every system. */
export function checksum(text: string): string {
  return hash("sha256", text, "hex");
}

/** How a checksum is shown: its first 16 digits. */
export function shortChecksum(full: string): string {
  return full.slice(0, 16);
}
