import { crc32, gunzipSync } from "node:zlib";
import { type PlatformError, platformError, type SourceLocation } from "@plinth/module";
import type { ArchiveLimits } from "./limits.ts";

const mebibyte = 1024 * 1024;

/**
 * The content of a file compressed by gzip, of exactly one such file and no more.
 *
 * @throws PlatformError `PLUGIN_ARCHIVE_LIMIT` before more is unpacked than the limits allow, or
 *   `PLUGIN_ARCHIVE_UNREADABLE`.
 */
export function gunzip(bytes: Buffer, limits: ArchiveLimits, at: readonly SourceLocation[]): Buffer {
  const refuse = (reason: string, cause?: unknown) =>
    platformError("PLUGIN_ARCHIVE_UNREADABLE", { reason }, { at, cause });
  if (bytes.length > limits.archiveBytes) throw tooLarge(`it has more than ${limits.archiveBytes} bytes`, at);
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    throw refuse("it is not compressed by gzip");
  }
  // The end of the tar format and its headers come on top of the files.
  const most = limits.unpackedBytes + limits.files * 1024 + mebibyte;
  const byRatio = Math.max(mebibyte, bytes.length * limits.ratio);
  let content: Buffer;
  try {
    content = gunzipSync(bytes, { maxOutputLength: Math.min(most, byRatio) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw refuse((cause as Error).message, cause);
    throw byRatio < most
      ? tooLarge(`it would become more than ${limits.ratio} times larger when unpacked`, at)
      : tooLarge(`it would unpack to more than ${limits.unpackedBytes} bytes`, at);
  }
  // The last eight bytes speak of the whole content, unless there is a second archive or something else behind the first.
  const isWhole = bytes.readUInt32LE(bytes.length - 4) === content.length % 2 ** 32;
  if (!isWhole || bytes.readUInt32LE(bytes.length - 8) !== crc32(content)) {
    throw refuse("something follows after its end");
  }
  return content;
}

function tooLarge(reason: string, at: readonly SourceLocation[]): PlatformError {
  return platformError("PLUGIN_ARCHIVE_LIMIT", { reason }, { at });
}
