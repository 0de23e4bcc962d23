import { Header, Pax } from "tar";

/** One entry of a tar file. */
export interface TarEntry {
  readonly path: string;
  /** The type as the format names it: `File`, `Directory`, `SymbolicLink` ... */
  readonly type: string;
  readonly bytes: Buffer;
}

const blockSize = 512;
/** What stands in headers only, such as a long name, in bytes. */
const longestMeta = 64 * 1024;

/** What keeps bytes from being a tar file. */
export class TarError extends Error {}

/**
 * The entries of a tar file in their order. Stricter than programs that unpack: nothing may be damaged,
 * cut off or follow after the end, so that no two programs can see different files in it.
 *
 * @throws TarError
 */
export function* tarEntries(content: Buffer): Generator<TarEntry> {
  if (content.length % blockSize !== 0) throw new TarError("it is cut off");
  let offset = 0;
  let extended: Pax | undefined;
  const take = (length: number): Buffer => {
    const bytes = content.subarray(offset, offset + length);
    if (bytes.length < length) throw new TarError("it is cut off");
    const padded = Math.ceil(length / blockSize) * blockSize;
    if (content.subarray(offset + length, offset + padded).some((byte) => byte !== 0)) {
      throw new TarError("something is hidden behind a file");
    }
    offset += padded;
    return bytes;
  };
  while (offset < content.length) {
    const sizeField = content.toString("latin1", offset + 124, offset + 136);
    const header = headerAt(content, offset, extended);
    if (header.nullBlock) break;
    if (!header.cksumValid) throw new TarError("the checksum of an entry is wrong");
    const { size } = header;
    if (size === undefined || !Number.isSafeInteger(size)) throw new TarError("an entry has no size");
    offset += blockSize;
    const type = header.type;
    if (isMeta(type)) {
      if (size > longestMeta) throw new TarError("an entry has a header of more than 64 KiB");
      const text = take(size).toString("utf8");
      // What holds for all entries, such as the commit that git archive notes, changes nothing here.
      if (type === "ExtendedHeader") extended = Pax.parse(text, extended);
      else if (type === "NextFileHasLongPath") extended = new Pax({ ...extended, path: untilZero(text) });
      continue;
    }
    // The prefix of an old header must not stand before a name that is given in full.
    const path = extended?.path ?? header.path;
    if (path === undefined || path === "") throw new TarError("an entry has no name");
    if (type === "Directory" && /[^0 \0]/.test(sizeField)) throw new TarError("a folder has content");
    const bytes = take(size);
    extended = undefined;
    yield { path, type, bytes };
  }
  if (extended !== undefined) throw new TarError("it is cut off");
  if (offset >= content.length) throw new TarError("its end is missing");
  if (content.subarray(offset).some((byte) => byte !== 0)) throw new TarError("something follows after its end");
}

function headerAt(content: Buffer, offset: number, extended: Pax | undefined): Header {
  try {
    return new Header(content, offset, extended);
  } catch (cause) {
    throw new TarError("a number in the header of an entry is too large", { cause });
  }
}

function isMeta(type: string): boolean {
  return ["ExtendedHeader", "GlobalExtendedHeader", "NextFileHasLongPath"].includes(type);
}

function untilZero(text: string): string {
  return text.split("\0", 1)[0] ?? "";
}
