import path from "node:path";
import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { readManifests } from "./read-manifests.ts";

const folder = testFolder();
const { complaints } = folder;

describe("what is no file of text", () => {
  it("is refused when it is missing", () => {
    const { problems, refused } = readManifests(
      [path.join(folder.path, "nowhere/module.yaml")],
      createManifestSchema(),
    );
    expect(folder.tell(problems)).toMatchInlineSnapshot(`
      "nowhere/module.yaml
        MANIFEST_UNREADABLE: the file cannot be read: there is no such file
        fix: Check that it is a plain file that this user may read."
    `);
    expect(refused).toEqual(["nowhere"]);
  });

  it("is refused when it is a folder", () => {
    folder.write("nested/module.yaml/x", "");
    const { problems } = readManifests([path.join(folder.path, "nested/module.yaml")], createManifestSchema());
    expect(folder.tell(problems)).toMatchInlineSnapshot(`
      "nested/module.yaml
        MANIFEST_UNREADABLE: the file cannot be read: it is not a plain file
        fix: Check that it is a plain file that this user may read."
    `);
  });

  it.skipIf(process.platform === "win32")("is refused when it is a device, which could be read for ever", () => {
    expect(folder.tell(readManifests(["/dev/zero"], createManifestSchema()).problems)).toMatchInlineSnapshot(`
      "/dev/zero
        MANIFEST_UNREADABLE: the file cannot be read: it is not a plain file
        fix: Check that it is a plain file that this user may read."
    `);
  });

  it("is refused when it is not UTF-8, at the wrong byte", () => {
    const text = Buffer.concat([Buffer.from(`${head}description: Gr\u00FCn und `), Buffer.from([0xfc, 0x0a])]);
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:3:23
        MANIFEST_NOT_UTF8: the file is not UTF-8: the byte 0xFC is wrong here
        fix: Save the file as UTF-8."
    `);
  });

  it("is refused when it is UTF-16", () => {
    expect(complaints(Buffer.from(`\uFEFF${head}`, "utf16le"))).toMatchInlineSnapshot(`
      "module.yaml:1:1
        MANIFEST_NOT_UTF8: the file is not UTF-8: the byte 0xFF is wrong here
        fix: Save the file as UTF-8."
    `);
  });

  it("is refused when a character ends with the file", () => {
    expect(
      complaints(Buffer.concat([Buffer.from(`${head}description: `), Buffer.from([0xe2, 0x82])])),
    ).toMatchInlineSnapshot(`
      "module.yaml:3:14
        MANIFEST_NOT_UTF8: the file is not UTF-8: the byte 0xE2 is wrong here
        fix: Save the file as UTF-8."
    `);
  });

  it("is accepted with a byte order mark, with CRLF, and with the character that stands for wrong bytes", () => {
    expect(complaints(`\uFEFF${head}`)).toBe("");
    expect(complaints(head.replaceAll("\n", "\r\n"))).toBe("");
    expect(complaints(`${head}description: "\uFFFD"`)).toBe("");
  });

  it("counts columns without the byte order mark", () => {
    expect(complaints("\uFEFFname: A\nversion: 1.0.0\n")).toMatchInlineSnapshot(`
      "module.yaml:1:7
        MANIFEST_NAME: "name" is "A", which is not lower-case kebab
        fix: Write "a"."
    `);
  });
});

describe("characters that cannot be seen", () => {
  it.each([
    ["in indentation", `${head}timeouts:\n\tstart: 1s\n`],
    ["between key and value", `${head}main:\tx.ts\n`],
    ["inside quotes", `${head}description: "a\tb"\n`],
    ["in a comment", `${head}#\tcomment\n`],
  ])("refuse a tab %s", (_where, text) => {
    expect(complaints(text)).toMatch(
      /^module\.yaml:[34]:\d+\n {2}MANIFEST_TAB: the file contains a tab\n {2}fix: Use spaces; inside double quotes a tab can be written as "\\t"\.$/,
    );
  });

  it("places the tab", () => {
    expect(complaints(`${head}timeouts:\n  \tstart: 1s\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:3
        MANIFEST_TAB: the file contains a tab
        fix: Use spaces; inside double quotes a tab can be written as "\\t"."
    `);
  });

  it("refuse a byte order mark in the middle and a lone carriage return", () => {
    expect(complaints(`${head}description: a\uFEFFb\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:15
        MANIFEST_CONTROL_CHARACTER: the file contains the invisible character U+FEFF
        fix: Delete the character; where it is meant, write it as an escape inside double quotes."
    `);
    expect(complaints("name: tickets\rversion: 1.0.0\n")).toMatchInlineSnapshot(`
      "module.yaml:1:14
        MANIFEST_CONTROL_CHARACTER: the file contains the invisible character U+000D
        fix: Delete the character; where it is meant, write it as an escape inside double quotes."
    `);
  });

  it("refuse control characters", () => {
    expect(complaints(`${head}description: a\u0007b\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:15
        MANIFEST_SYNTAX: this is not YAML: the invisible character U+0007 stands in it
        fix: Delete the character; where it is meant, write it as an escape inside double quotes."
    `);
    expect(complaints(`${head}description: "a\u0000b"\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:16
        MANIFEST_SYNTAX: this is not YAML: the invisible character U+0000 stands in it
        fix: Delete the character; where it is meant, write it as an escape inside double quotes."
    `);
  });
});
