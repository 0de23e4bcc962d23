import { gzipSync } from "node:zlib";
import { Header, Pax } from "tar";
import type { PluginFile } from "../files/plugin-file.ts";

/** Archives bear no time of their making: the same files give the same bytes. */
const mtime = new Date(499_162_500_000);
const mode = 0o644;

/** The archive of a plugin, with all files in the folder `package`, as npm makes them. The same files give the same bytes. */
export function writeArchive(files: readonly PluginFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const blocks = sorted.flatMap(({ path, bytes }) => [
    ...headers(`package/${path}`, bytes.length),
    bytes,
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ]);
  const archive = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]), { level: 9 });
  // The system that it was made on, which nobody needs to know.
  archive[9] = 0xff;
  return archive;
}

function headers(path: string, size: number): Buffer[] {
  const block = Buffer.alloc(512);
  const needsPax = new Header({ path, size, mode, mtime, type: "File", uname: "", gname: "", uid: 0, gid: 0 }).encode(
    block,
  );
  return needsPax ? [new Pax({ path, size, mtime, uid: 0, gid: 0 }).encode(), block] : [block];
}
