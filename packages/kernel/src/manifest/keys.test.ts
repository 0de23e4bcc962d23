import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { sections } from "./sections.fixture.ts";

const { complaints } = testFolder();

describe("unknown keys", () => {
  it("are told with the nearest known one", () => {
    expect(complaints(`${head}dependancies:\n  identity: ^1.0.0\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:1
        MANIFEST_UNKNOWN_KEY: "dependancies" is not a key that is known here
        fix: Did you mean "dependencies"?"
    `);
  });

  it("are told with all known ones where none is near", () => {
    expect(complaints(`${head}author: me\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:1
        MANIFEST_UNKNOWN_KEY: "author" is not a key that is known here
        fix: Remove it, or use one of name, version, description, platform, dependencies, main, critical, timeouts."
    `);
  });

  it("are found in inner mappings", () => {
    const text = `${head}timeouts: { begin: 1s, stopp: 1s }\ndependencies:\n  identity: { version: ^1.0.0, optinal: true }\n`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:3:13
        MANIFEST_UNKNOWN_KEY: "timeouts.begin" is not a key that is known here
        fix: Remove it, or use one of start, stop.
      module.yaml:3:24
        MANIFEST_UNKNOWN_KEY: "timeouts.stopp" is not a key that is known here
        fix: Did you mean "stop"?
      module.yaml:5:32
        MANIFEST_UNKNOWN_KEY: "dependencies.identity.optinal" is not a key that is known here
        fix: Did you mean "optional"?"
    `);
  });

  it("are known when an extension owns the section", () => {
    expect(complaints(`${head}migrations: ./sql\n`)).toContain("MANIFEST_UNKNOWN_KEY");
    expect(complaints(`${head}migrations: ./sql\n`, createManifestSchema(sections))).toBe("");
    expect(complaints(`${head}migration: ./sql\n`, createManifestSchema(sections))).toContain(
      'fix: Did you mean "migrations"?',
    );
  });

  it("show the letters that only look like Latin ones", () => {
    expect(complaints(`${head}\u0441ritical: true\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:1
        MANIFEST_UNKNOWN_KEY: "\\u{441}ritical" is not a key that is known here
        fix: Did you mean "critical"? The key contains U+0441."
    `);
  });
});

describe("missing keys", () => {
  it("are told with an example", () => {
    expect(complaints("# nothing\n\ndescription: x\n")).toMatchInlineSnapshot(`
      "module.yaml:3:1
        MANIFEST_MISSING_KEY: "name" is missing
        fix: Add it, for example name: tickets
      module.yaml:3:1
        MANIFEST_MISSING_KEY: "version" is missing
        fix: Add it, for example version: 1.0.0"
    `);
    expect(complaints(`${head}dependencies:\n  identity: { optional: true }\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:3
        MANIFEST_MISSING_KEY: "dependencies.identity.version" is missing
        fix: Add it, for example version: 1.0.0"
    `);
  });
});
