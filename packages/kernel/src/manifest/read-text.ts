import { type Buffer, isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { type PlatformError, platformError } from "@plinth/module";
import { positionAt } from "./position.ts";
import { foreignCharacters } from "./text.ts";

/** The largest manifest that is read, in bytes. */
const sizeLimit = 64 * 1024;

/**
 * The text of a file without its byte order mark, or why it is refused: a file over the limit is not
 * read, and a text with tabs or control characters is none.
 */
export function readText(file: string): string | PlatformError {
  let text: string;
  try {
    const refused = checkFile(file);
    if (refused !== undefined) return refused;
    text = readFileSync(file, "utf8");
    // Reading puts this character in the place of what is not UTF-8; somebody may also have written it.
    if (text.includes("\uFFFD")) {
      const bytes = readFileSync(file);
      if (!isUtf8(bytes)) return notUtf8(file, bytes);
    }
  } catch (cause) {
    const reason = reasons[(cause as NodeJS.ErrnoException).code ?? ""] ?? (cause as Error).message;
    return platformError("MANIFEST_UNREADABLE", { reason }, { at: [{ file }], cause });
  }
  const content = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return invisibleCharacter(file, content) ?? content;
}

function checkFile(file: string): PlatformError | undefined {
  const stats = statSync(file);
  const at = [{ file }];
  if (!stats.isFile()) return platformError("MANIFEST_UNREADABLE", { reason: "it is not a plain file" }, { at });
  if (stats.size <= sizeLimit) return undefined;
  return platformError("MANIFEST_TOO_LARGE", { size: stats.size, limit: sizeLimit }, { at });
}

/**
 * Refuses tabs, line breaks of old machines and marks of another byte order. Other control characters
 * are left to the parser.
 */
function invisibleCharacter(file: string, text: string): PlatformError | undefined {
  if (!text.includes("\t") && !text.includes("\uFEFF") && !text.includes("\r")) return undefined;
  const offset = text.search(/[\t\uFEFF]|\r(?!\n)/);
  if (offset === -1) return undefined;
  const at = [{ file, ...positionAt(text, offset) }];
  if (text.charAt(offset) === "\t") return platformError("MANIFEST_TAB", {}, { at });
  return platformError("MANIFEST_CONTROL_CHARACTER", { character: foreignCharacters(text.charAt(offset)) }, { at });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "its links go round in a circle",
};

function notUtf8(file: string, bytes: Buffer): PlatformError {
  // A byte of a line break never stands inside a longer character, so the first bad line can be looked at alone.
  let start = 0;
  let end = endOfLine(bytes, start);
  while (isUtf8(bytes.subarray(start, end))) {
    start = end;
    end = endOfLine(bytes, start);
  }
  const line = bytes.subarray(start, end);
  let good = line.length;
  while (good > 0 && !isUtf8(line.subarray(0, good))) good--;
  const before = bytes.subarray(0, start + good).toString("utf8");
  const byte = `0x${(line[good] ?? 0).toString(16).toUpperCase().padStart(2, "0")}`;
  return platformError("MANIFEST_NOT_UTF8", { byte }, { at: [{ file, ...positionAt(before, before.length) }] });
}

function endOfLine(bytes: Buffer, start: number): number {
  const newline = bytes.indexOf(0x0a, start);
  return newline === -1 ? bytes.length : newline + 1;
}
