import { gzipSync } from "node:zlib";
import { PlatformError, problemsOf } from "@plinth/module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathFlaw } from "../files/path-flaw.ts";
import { randomFrom } from "../random.fixture.ts";
import { archiveOf, type MadeEntry, tarOf } from "./archive.fixture.ts";
import { defaultLimits } from "./limits.ts";
import { readArchive } from "./read-archive.ts";
import { writeArchive } from "./write-archive.ts";

const file = "/desk/sla-1.0.0.tgz";

/** What reading says: the names of the files, or the problems. */
function outcome(bytes: Buffer, limits = defaultLimits): string[] {
  try {
    return readArchive(bytes, file, limits).map(({ path }) => path);
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    expect(problems.every(({ at }) => at[0]?.file === file)).toBe(true);
    return problems.map(({ code, message }) => `${code}: ${message}`);
  }
}

const good: MadeEntry[] = [
  { path: "package/module.yaml", content: "name: sla\n" },
  { path: "package/index.js", content: "export default 1;\n" },
];
const withEntry = (entry: MadeEntry) => outcome(archiveOf([...good, entry]));
const end = Buffer.alloc(1024);

function mendChecksum(header: Buffer): void {
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
}

describe("an archive", () => {
  it("is read as it was written, and the same files give the same bytes in any order", () => {
    const name = fc
      .array(fc.stringMatching(/^[a-zäß0-9_-]{1,60}$/), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("/"))
      .filter((path) => pathFlaw(path) === undefined);
    const names = fc.uniqueArray(name, {
      minLength: 2,
      maxLength: 8,
      selector: (path) => path.split("/")[0]?.normalize("NFKC").toUpperCase(),
    });
    fc.assert(
      fc.property(names, fc.uint8Array({ maxLength: 2000 }), (paths, content) => {
        const files = paths.map((path) => ({ path, bytes: Buffer.concat([Buffer.from(path), content]) }));
        const archive = writeArchive(files);
        expect(writeArchive(files.toReversed()).equals(archive)).toBe(true);
        const read = new Map(readArchive(archive, file).map(({ path, bytes }) => [path, bytes.toString("hex")]));
        expect(read).toEqual(new Map(files.map(({ path, bytes }) => [path, bytes.toString("hex")])));
      }),
      { numRuns: 60 },
    );
  });

  it("may have its files in one folder, whatever its name, or at the top", () => {
    expect(outcome(archiveOf(good))).toEqual(["module.yaml", "index.js"]);
    expect(
      outcome(archiveOf(good.map((entry) => ({ ...entry, path: entry.path.replace("package", "sla-main") })))),
    ).toEqual(["module.yaml", "index.js"]);
    expect(outcome(archiveOf(good.map((entry) => ({ ...entry, path: entry.path.slice("package/".length) }))))).toEqual([
      "module.yaml",
      "index.js",
    ]);
    expect(withEntry({ path: "package/src/", type: "Directory" })).toEqual(["module.yaml", "index.js"]);
  });

  it.each([
    ["package/../../evil.js", 'which leads out of the folder by ".."'],
    ["../evil.js", 'which leads out of the folder by ".."'],
    ["/etc/cron.d/evil", "which is an absolute path"],
    ["C:/evil.js", "which is an absolute path"],
    ["package\\..\\evil.js", "which contains a backslash"],
    ["package/./evil.js", 'which has "." as a part'],
    ["package//evil.js", "which has an empty part"],
    ["package/a\u202Esj.exe", "which contains control characters"],
    ["package/a\nb", "which contains control characters"],
    ["package/cafe\u0301.js", "whose characters are not composed (Unicode NFC)"],
    ["package/nul", "in which a part is the name of a device on Windows"],
    ["package/COM1.txt", "in which a part is the name of a device on Windows"],
    ["package/index.js.", "in which a part ends in a dot or a space, which Windows drops"],
    ["package/index.js ", "in which a part ends in a dot or a space, which Windows drops"],
    ["package/index.js:evil", 'which contains one of < > : " | ? *, which Windows cannot hold'],
    ["package/INDEX~1.JS", "which could be the short form of another name on Windows"],
    ["package/__proto__", "which programs may take for something else"],
    [`package/${"a".repeat(101)}`, "in which one part is longer than 100 bytes"],
    [`package/${"aaaaaaaaaaaaaaaaaaaaa/".repeat(10)}x`, "which is longer than 200 bytes"],
    [`package/${"a/".repeat(24)}x`, "which is more than 24 folders deep"],
  ])("with a file %j is refused", (path, reason) => {
    expect(withEntry({ path, content: "x" }).join("\n")).toContain(reason);
    expect(withEntry({ path, content: "x", pax: true }).join("\n")).toContain(reason);
  });

  it.each([
    ["another case", "package/INDEX.js"],
    ["wide letters", "package/\uFF49ndex.js"],
    ["a Kelvin sign", "package/\u212A.js"],
    ["a folder of another case", "Package/other.js"],
    ["a file that is a folder too", "package/index.js/deeper.js"],
    ["the same name again", "package/index.js"],
  ])("with a twin by %s is refused", (_, path) => {
    const said = outcome(archiveOf([...good, { path: "package/k.js" }, { path, content: "x" }]));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^PLUGIN_PATH_TWINS: |whose characters are not composed/);
  });

  it.each([
    ["SymbolicLink", "a symbolic link"],
    ["Link", "a hard link"],
    ["CharacterDevice", "a device"],
    ["BlockDevice", "a device"],
    ["FIFO", "a pipe"],
  ] as const)("with a %s is refused", (type, kind) => {
    expect(withEntry({ path: "package/x", type, linkpath: "package/index.js" })).toEqual([
      `PLUGIN_ENTRY_KIND: the plugin holds "package/x", which is ${kind}`,
    ]);
  });

  it("gives no file the bits of its archive: modes are not kept", () => {
    const [read] = readArchive(archiveOf([{ path: "a/x", content: "x", mode: 0o4777 }, ...good.slice(0, 0)]), file);
    expect(Object.keys(read ?? {})).toEqual(["path", "bytes"]);
  });

  it("reports everything in one go", () => {
    const said = outcome(
      archiveOf([...good, { path: "../a" }, { path: "package/l", type: "SymbolicLink", linkpath: "/" }]),
    );
    expect(said.map((line) => line.split(":")[0])).toEqual(["PLUGIN_ENTRY_KIND", "PLUGIN_PATH"]);
  });

  it("is refused when it would fill memory or disk", () => {
    const small = { ...defaultLimits, unpackedBytes: 5000, files: 10 };
    const zeros = archiveOf([...good, { path: "package/zeros", content: Buffer.alloc(3_000_000) }]);
    expect(outcome(zeros)).toEqual([
      "PLUGIN_ARCHIVE_LIMIT: the archive is too large: it would become more than 100 times larger when unpacked",
    ]);
    expect(outcome(zeros, { ...small, ratio: 10_000 })).toEqual([
      "PLUGIN_ARCHIVE_LIMIT: the archive is too large: it would unpack to more than 5000 bytes",
    ]);
    const many = archiveOf(Array.from({ length: 11 }, (_, index) => ({ path: `package/${index}` })));
    expect(outcome(many, small)).toEqual([
      "PLUGIN_ARCHIVE_LIMIT: the archive is too large: it has more than 10 entries",
    ]);
    const folders = archiveOf(
      Array.from({ length: 11 }, (_, index) => ({ path: `package/${index}`, type: "Directory" as const })),
    );
    expect(outcome(folders, small)).toEqual([
      "PLUGIN_ARCHIVE_LIMIT: the archive is too large: it has more than 10 entries",
    ]);
    expect(outcome(zeros, { ...small, archiveBytes: 100 })).toEqual([
      "PLUGIN_ARCHIVE_LIMIT: the archive is too large: it has more than 100 bytes",
    ]);
  });

  it.each([
    ["is no gzip", Buffer.from("not an archive at all, only text"), "it is not compressed by gzip"],
    ["is empty", Buffer.alloc(0), "it is not compressed by gzip"],
    ["has another one behind it", Buffer.concat([archiveOf(good), archiveOf(good)]), "something follows after its end"],
    ["has garbage behind it", Buffer.concat([archiveOf(good), Buffer.from("garbage")]), "incorrect header check"],
    ["has zeros behind it", Buffer.concat([archiveOf(good), Buffer.alloc(16)]), "something follows after its end"],
    [
      "has an entry after its end",
      gzipSync(Buffer.concat([tarOf(good), end, tarOf(good), end])),
      "something follows after its end",
    ],
    ["lacks its end", gzipSync(tarOf(good)), "its end is missing"],
    ["ends after an entry", gzipSync(tarOf(good).subarray(0, 1024)), "its end is missing"],
    ["ends inside a block", gzipSync(tarOf(good).subarray(0, 700)), "it is cut off"],
  ])("that %s is refused", (_, bytes, reason) => {
    expect(outcome(bytes)).toEqual([`PLUGIN_ARCHIVE_UNREADABLE: the archive cannot be read: ${reason}`]);
  });

  it("is refused wherever it is cut off, and with any of its bits turned over", () => {
    const archive = archiveOf(good);
    for (let length = 0; length < archive.length; length += 1) {
      expect(() => readArchive(archive.subarray(0, length), file)).toThrow(PlatformError);
    }
    const asWritten = readArchive(archive, file);
    let refused = 0;
    for (let bit = 0; bit < archive.length * 8; bit += 1) {
      const flipped = Buffer.from(archive);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      try {
        // Some bits say nothing of the content, such as the time in the header of gzip.
        expect(readArchive(flipped, file)).toEqual(asWritten);
      } catch (thrown) {
        expect(problemsOf(thrown)).not.toEqual([]);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan((archive.length - 18) * 8 - 100);
  });

  it("that was damaged at random inside is refused, or holds plain files with fine names (3,000 times)", () => {
    const tar = Buffer.concat([
      tarOf([
        ...good,
        { path: `package/${"long/".repeat(24)}x.js`, content: "x".repeat(700) },
        { path: "package/grün.js", content: "x", pax: true },
        { path: "package/lib/", type: "Directory" },
      ]),
      end,
    ]);
    const random = randomFrom(20_261_122);
    const headers = Array.from({ length: tar.length / 512 }, (_, block) => block * 512);
    let refused = 0;
    for (let round = 0; round < 3000; round += 1) {
      const damaged = Buffer.from(tar);
      const header = random.pick(headers);
      for (let count = 1 + random.below(3); count > 0; count -= 1) {
        damaged[header + random.below(512)] = random.pick([
          0,
          0x2e,
          0x2f,
          0x30,
          0x37,
          0x78,
          0x80,
          0xff,
          random.below(256),
        ]);
      }
      // Half of the time the checksum is mended, as somebody who means it would.
      if (random.below(2) === 0) mendChecksum(damaged.subarray(header, header + 512));
      try {
        for (const { path } of readArchive(gzipSync(damaged), file)) expect(pathFlaw(path)).toBeUndefined();
      } catch (thrown) {
        expect(problemsOf(thrown)).not.toEqual([]);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(1500);
  });

  it("hides nothing behind a file or in a folder", () => {
    const tar = tarOf([{ path: "package/a", content: "x" }]);
    tar.write("hidden", 600);
    expect(outcome(gzipSync(Buffer.concat([tar, end])))).toEqual([
      "PLUGIN_ARCHIVE_UNREADABLE: the archive cannot be read: something is hidden behind a file",
    ]);
    const folder = tarOf([{ path: "package/a/", type: "Directory", content: "x" }]);
    expect(outcome(gzipSync(Buffer.concat([folder, end])))).toEqual([
      "PLUGIN_ARCHIVE_UNREADABLE: the archive cannot be read: a folder has content",
    ]);
  });
});
