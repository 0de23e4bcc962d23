import { truncateSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { readManifests } from "./read-manifests.ts";

const folder = testFolder();
const { complaints } = folder;

describe("the size of a manifest", () => {
  it("may be 64 KiB", () => {
    const text = `${head}description: `;
    expect(complaints(text + "x".repeat(64 * 1024 - text.length))).toBe("");
  });

  it("may not be a byte more", () => {
    const text = `${head}description: `;
    expect(complaints(text + "x".repeat(64 * 1024 - text.length + 1))).toMatchInlineSnapshot(`
      "module.yaml
        MANIFEST_TOO_LARGE: the file has 65537 bytes, more than the 65536 allowed
        fix: Move long texts and data out of it, into files of the module."
    `);
  });

  it("is looked at before anything is read: a file larger than any memory is refused too", () => {
    const file = folder.write("huge/module.yaml", head);
    truncateSync(file, 2 ** 40);
    const { problems } = readManifests([file], createManifestSchema());
    expect(folder.tell(problems)).toMatchInlineSnapshot(`
      "huge/module.yaml
        MANIFEST_TOO_LARGE: the file has 1099511627776 bytes, more than the 65536 allowed
        fix: Move long texts and data out of it, into files of the module."
    `);
  });
});

describe("depth", () => {
  const nested = (levels: number) =>
    `x:${Array.from({ length: levels }, (_, n) => `\n${" ".repeat(n + 1)}x:`).join("")} 1\n`;

  it("may be 32", () => {
    expect(complaints(nested(31))).not.toContain("MANIFEST_TOO_DEEP");
    expect(complaints(`x: ${"[".repeat(31)}1${"]".repeat(31)}\n`)).not.toContain("MANIFEST_TOO_DEEP");
    expect(complaints(`x: ${"{a: ".repeat(31)}1${"}".repeat(31)}\n`)).not.toContain("MANIFEST_TOO_DEEP");
    expect(complaints(`x:\n${"- ".repeat(31)}1\n`)).not.toContain("MANIFEST_TOO_DEEP");
  });

  it("may not be 33", () => {
    expect(complaints(`x: ${"[".repeat(32)}1${"]".repeat(32)}\n`)).toContain("module.yaml:1:35\n  MANIFEST_TOO_DEEP");
    expect(complaints(head + nested(32))).toMatchInlineSnapshot(`
      "module.yaml:3:1
        MANIFEST_UNKNOWN_KEY: "x" is not a key that is known here
        fix: Remove it, or use one of name, version, description, platform, dependencies, main, critical, timeouts.
      module.yaml:35:33
        MANIFEST_TOO_DEEP: the nesting is deeper than 32 levels
        fix: Flatten the structure."
    `);
  });

  it.each([
    ["brackets", "[".repeat(60_000)],
    ["braces", "{a: ".repeat(15_000)],
    ["pairs in brackets", "[a: ".repeat(15_000)],
    ["lists in lists", "- ".repeat(30_000)],
    ["explicit keys", "? ".repeat(30_000)],
    ["mappings, line by line", Array.from({ length: 350 }, (_, n) => `${" ".repeat(n)}a:\n`).join("")],
    ["lists, line by line", Array.from({ length: 340 }, (_, n) => `${" ".repeat(n)}-\n`).join("")],
    ["brackets after a mistake", `a: b: c\n${"[".repeat(60_000)}`],
    ["closed brackets", `x: ${"[".repeat(30_000)}${"]".repeat(30_000)}`],
  ])("does not exhaust the stack: %s", (_what, text) => {
    expect(complaints(text)).toMatch(/MANIFEST_TOO_DEEP|MANIFEST_SYNTAX/);
  });

  it("names the limit", () => {
    expect(complaints("[".repeat(60_000))).toMatchInlineSnapshot(`
      "module.yaml:1:34
        MANIFEST_TOO_DEEP: the nesting is deeper than 32 levels
        fix: Flatten the structure."
    `);
  });
});
