import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { readManifests } from "./read-manifests.ts";
import { sections } from "./sections.fixture.ts";

const folder = testFolder();

describe("a good manifest", () => {
  it("is read with all its values and defaults", () => {
    const file = folder.write(
      "tickets/module.yaml",
      `# yaml-language-server: $schema=./module.schema.json
name: tickets
version: 1.4.0-rc.1+build.7
description: >
  Support tickets
  and their replies.
platform: ^1.0.0
dependencies:
  identity: ^1.0.0 || ^2.0.0
  knowledge: { version: "*", optional: true }
permissions:
  ticket.read: See tickets
  ticket.close: { description: Close a ticket, since: 1.2.0 }
migrations: ./migrations
main: src/main.ts
critical: false
timeouts: { start: 1.5s, stop: 500ms }
`,
    );
    const { manifests, problems, refused } = readManifests([file], createManifestSchema(sections));
    expect(problems).toEqual([]);
    expect(refused).toEqual([]);
    expect(manifests).toEqual([
      {
        name: "tickets",
        version: "1.4.0-rc.1+build.7",
        description: "Support tickets and their replies.\n",
        platform: "^1.0.0",
        dependencies: [
          { name: "identity", range: "^1.0.0 || ^2.0.0", optional: false },
          { name: "knowledge", range: "*", optional: true },
        ],
        main: "src/main.ts",
        critical: false,
        timeouts: { start: 1500, stop: 500 },
        sections: {
          permissions: {
            "ticket.read": "See tickets",
            "ticket.close": { description: "Close a ticket", since: "1.2.0" },
          },
          migrations: "./migrations",
        },
        file,
      },
    ]);
  });

  it("needs only name and version", () => {
    const file = folder.write("small/module.yaml", head);
    expect(readManifests([file], createManifestSchema()).manifests).toEqual([
      {
        name: "tickets",
        version: "1.0.0",
        description: undefined,
        platform: undefined,
        dependencies: [],
        main: undefined,
        critical: true,
        timeouts: { start: undefined, stop: undefined },
        sections: {},
        file,
      },
    ]);
  });
});

describe("all problems", () => {
  it("of all files are told together, in the order of files and places found", () => {
    const files = [
      folder.write("many/a/module.yaml", "nam: a\nversion: 1\n"),
      folder.write("many/b/module.yaml", "name: b\nversion: 1.0.0\n"),
      folder.write("many/c/module.yaml", `name: c\nversion: "1"\ncritical: maybe\ncritical: true\nplatform: newest\n`),
      folder.write("many/d/module.yaml", "name: d\nversion: [\n"),
    ];
    const { manifests, problems, refused } = readManifests(files, createManifestSchema());
    expect(manifests.map(({ name }) => name)).toEqual(["b"]);
    expect(refused).toEqual(["a", "c", "d"]);
    expect(folder.tell(problems)).toMatchInlineSnapshot(`
      "many/a/module.yaml:1:1
        MANIFEST_MISSING_KEY: "name" is missing
        fix: Add it, for example name: tickets
      many/a/module.yaml:1:1
        MANIFEST_UNKNOWN_KEY: "nam" is not a key that is known here
        fix: Did you mean "name"?
      many/a/module.yaml:2:10
        MANIFEST_QUOTE: "version" is written 1, which YAML reads as the number 1, not as a text
        fix: Put it in quotes: "1.0.0"
      many/c/module.yaml:2:10
        MANIFEST_VERSION: "version" is "1", which is not a semver version
        fix: Write three numbers, as in 1.4.0, with an optional pre-release, as in 2.0.0-rc.1.
      many/c/module.yaml:3:11
        MANIFEST_TYPE: "critical" must be true or false, but is the text "maybe"
        fix: Write true or false, or remove the key.
      many/c/module.yaml:4:1
        MANIFEST_DUPLICATE_KEY: "critical" stands twice in the same mapping
        also at many/c/module.yaml:3:1
        fix: Keep one of the two.
      many/c/module.yaml:5:11
        MANIFEST_RANGE: "platform" is "newest", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version.
      many/d/module.yaml:2:10
        MANIFEST_SYNTAX: this is not YAML: the [ is never closed
        fix: Add the ] that ends it."
    `);
  });
});
