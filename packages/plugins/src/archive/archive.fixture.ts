import { gzipSync } from "node:zlib";
import { Header, Pax } from "tar";

/** An entry of an archive that somebody with bad intentions made. */
export interface MadeEntry {
  readonly path: string;
  readonly content?: string | Buffer;
  readonly type?: "File" | "Directory" | "Link" | "SymbolicLink" | "CharacterDevice" | "BlockDevice" | "FIFO";
  readonly linkpath?: string;
  readonly mode?: number;
  /** Puts the name into an extended header even where it is short. */
  readonly pax?: boolean;
}

/** The bytes of a tar file with these entries as they are, without its end. */
export function tarOf(entries: readonly MadeEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ path, content = "", type = "File", linkpath, mode = 0o644, pax }) => {
      const bytes = Buffer.from(content);
      const block = Buffer.alloc(512);
      const header = new Header({
        path,
        size: bytes.length,
        mode,
        type,
        ...(linkpath === undefined ? {} : { linkpath }),
      });
      const needsPax = header.encode(block) || pax === true;
      const before = needsPax ? [new Pax({ path, size: bytes.length }).encode()] : [];
      return [...before, block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
    }),
  );
}

/** An archive with these entries as they are, with its end, compressed. */
export function archiveOf(entries: readonly MadeEntry[]): Buffer {
  return gzipSync(Buffer.concat([tarOf(entries), Buffer.alloc(1024)]));
}
