import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { readManifests } from "./read-manifests.ts";
import { sections } from "./sections.fixture.ts";

const folder = testFolder();
const { complaints } = folder;

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

describe("numbers where a text is meant", () => {
  it("are to be quoted, as they are written", () => {
    expect(complaints("name: tickets\nversion: 1.10\n")).toMatchInlineSnapshot(`
      "module.yaml:2:10
        MANIFEST_QUOTE: "version" is written 1.10, which YAML reads as the number 1.1, not as a text
        fix: Put it in quotes: "1.10.0""
    `);
    expect(complaints("name: tickets\nversion: 1\n")).toContain('fix: Put it in quotes: "1.0.0"');
    expect(complaints(`${head}dependencies:\n  identity: 1.10\n  audit: { version: 2 }\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:13
        MANIFEST_QUOTE: "dependencies.identity" is written 1.10, which YAML reads as the number 1.1, not as a text
        fix: Put it in quotes: "1.10"
      module.yaml:5:21
        MANIFEST_QUOTE: "dependencies.audit.version" is written 2, which YAML reads as the number 2, not as a text
        fix: Put it in quotes: "2""
    `);
    expect(complaints("name: 007\nversion: 1.0.0\ndescription: true\n")).toMatchInlineSnapshot(`
      "module.yaml:1:7
        MANIFEST_QUOTE: "name" is written 007, which YAML reads as the number 7, not as a text
        fix: Put it in quotes: "007"
      module.yaml:3:14
        MANIFEST_QUOTE: "description" is written true, which YAML reads as true, not as a text
        fix: Put it in quotes: "true""
    `);
  });
});

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

describe("names", () => {
  it.each([
    ["Tickets", 'Write "tickets".'],
    ["helpDesk", 'Write "help-desk".'],
    ["help_desk", 'Write "help-desk".'],
    ["help desk", 'Write "help-desk".'],
    ["2nd-desk", 'Write "nd-desk".'],
    ["-", "Begin with a letter from a to z; digits and hyphens may follow."],
    ["tickets.core", 'Write "tickets-core".'],
    [`a${"b".repeat(63)}`, `Write "a${"b".repeat(62)}".`],
  ])("are lower-case kebab: %s", (name, mend) => {
    expect(complaints(`name: "${name}"\nversion: 1.0.0\n`)).toBe(
      `module.yaml:1:7\n  MANIFEST_NAME: "name" is "${name}", which is not lower-case kebab\n  fix: ${mend}`,
    );
  });

  it.each(["a", "tickets", "help-desk", "a1-b2", `a${"b".repeat(62)}`])("may be %s", (name) => {
    expect(complaints(`name: ${name}\nversion: 1.0.0\n`)).toBe("");
  });

  it("show the code points of look-alike letters", () => {
    expect(complaints("name: ti\u0441k\u0435ts\nversion: 1.0.0\n")).toMatchInlineSnapshot(`
      "module.yaml:1:7
        MANIFEST_NAME_NOT_ASCII: "name" is "ti\\u{441}k\\u{435}ts", which contains U+0441, U+0435
        fix: Type the name again, with the letters a to z, digits and hyphens only."
    `);
  });

  it("show marks that turn the writing direction or cannot be seen", () => {
    expect(complaints('name: "tickets\u202E"\nversion: 1.0.0\n')).toMatchInlineSnapshot(`
      "module.yaml:1:7
        MANIFEST_NAME_NOT_ASCII: "name" is "tickets\\u{202E}", which contains U+202E
        fix: Type the name again, with the letters a to z, digits and hyphens only."
    `);
    expect(complaints("name: tick\u200Bets\nversion: 1.0.0\n")).toContain("which contains U+200B");
  });

  it("of dependencies are held to the same", () => {
    expect(complaints(`${head}dependencies:\n  Identity: ^1.0.0\n  \u0430udit: ^1.0.0\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:3
        MANIFEST_NAME: a name in "dependencies" is "Identity", which is not lower-case kebab
        fix: Write "identity".
      module.yaml:5:3
        MANIFEST_NAME_NOT_ASCII: a name in "dependencies" is "\\u{430}udit", which contains U+0430
        fix: Type the name again, with the letters a to z, digits and hyphens only."
    `);
  });

  it("that the platform keeps for itself are refused", () => {
    expect(complaints("name: stop\nversion: 1.0.0\n")).toMatchInlineSnapshot(`
      "module.yaml:1:7
        MANIFEST_NAME_RESERVED: "name" is "stop", a name that the platform keeps for itself
        fix: Choose another name; name, modules, stop, log, platform are taken."
    `);
    for (const name of ["name", "modules", "log", "platform"]) {
      expect(complaints(`name: ${name}\nversion: 1.0.0\n`)).toContain("MANIFEST_NAME_RESERVED");
    }
  });
});

describe("names that differ only in hyphens", () => {
  it("are refused, all of them, with both places", () => {
    const files = [
      folder.write("twins/a/module.yaml", "# first\nname: help-desk\nversion: 1.0.0\n"),
      folder.write("twins/b/module.yaml", "name: helpdesk\nversion: 1.0.0\n"),
      folder.write("twins/c/module.yaml", "name: desk\nversion: 1.0.0\n"),
    ];
    const { manifests, problems, refused } = readManifests(files, createManifestSchema());
    expect(manifests.map(({ name }) => name)).toEqual(["desk"]);
    expect(refused).toEqual(["help-desk", "helpdesk"]);
    expect(folder.tell(problems)).toMatchInlineSnapshot(`
      "twins/a/module.yaml:2:1
        MANIFEST_NAME_TWINS: the modules "help-desk" and "helpdesk" differ only in punctuation
        also at twins/b/module.yaml:1:1
        fix: Rename one of them, so that the names also differ without hyphens."
    `);
  });

  it("are found when both have hyphens", () => {
    const files = ["a-bc", "ab-c"].map((name) =>
      folder.write(`${name}/module.yaml`, `name: ${name}\nversion: 1.0.0\n`),
    );
    expect(folder.tell(readManifests(files, createManifestSchema()).problems)).toContain(
      'MANIFEST_NAME_TWINS: the modules "a-bc" and "ab-c" differ only in punctuation',
    );
  });
});

describe("versions", () => {
  it.each([
    "1.0",
    "v1.0.0",
    "1.0.0.0",
    "01.0.0",
    "1.0.0-",
    "1.0.0-01",
    "latest",
    `9999999999999999.0.0`,
    `1.0.0-${"x".repeat(300)}`,
  ])("are semver: %s is refused", (version) => {
    const shown = version.length > 80 ? `${version.slice(0, 80)}...` : version;
    expect(complaints(`name: tickets\nversion: "${version}"\n`)).toBe(
      [
        "module.yaml:2:10",
        `  MANIFEST_VERSION: "version" is "${shown}", which is not a semver version`,
        "  fix: Write three numbers, as in 1.4.0, with an optional pre-release, as in 2.0.0-rc.1.",
      ].join("\n"),
    );
  });

  it.each(["0.0.0", "1.2.3", "1.2.3-rc.1", "1.2.3-0a.b-c", "1.2.3+build.5", "999999999999999.0.0"])(
    "may be %s",
    (version) => {
      expect(complaints(`name: tickets\nversion: ${version}\n`)).toBe("");
    },
  );
});

describe("ranges", () => {
  it("are semver ranges", () => {
    const text = `${head}platform: newest\ndependencies:\n  identity: ^one\n  audit: { version: ">=1 <" }\n  log-book: ""\n`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:3:11
        MANIFEST_RANGE: "platform" is "newest", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version.
      module.yaml:5:13
        MANIFEST_RANGE: "dependencies.identity" is "^one", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version.
      module.yaml:6:21
        MANIFEST_RANGE: "dependencies.audit.version" is ">=1 <", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version.
      module.yaml:7:13
        MANIFEST_RANGE: "dependencies.log-book" is "", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version."
    `);
  });

  it("have at most 256 characters", () => {
    const range = (length: number) =>
      `1.0.0 || ${"2.0.0 || ".repeat(40)}`
        .slice(0, length - 5)
        .replace(/[^\d]*$/, "")
        .padEnd(length, " ");
    expect(complaints(`${head}dependencies:\n  identity: "${"^1.0.0".padEnd(256)}"\n`)).toBe("");
    expect(range(257)).toHaveLength(257);
    expect(complaints(`${head}dependencies:\n  identity: "${range(257)}"\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:13
        MANIFEST_RANGE_TOO_LONG: "dependencies.identity" has 257 characters, more than the 256 a range may have
        fix: Write a shorter range, such as ^1.2.0."
    `);
    expect(
      complaints(`${head}dependencies:\n  identity: { version: "${range(300)}" }\nplatform: "${range(400)}"\n`),
    ).toMatchInlineSnapshot(`
      "module.yaml:4:24
        MANIFEST_RANGE_TOO_LONG: "dependencies.identity.version" has 300 characters, more than the 256 a range may have
        fix: Write a shorter range, such as ^1.2.0.
      module.yaml:5:11
        MANIFEST_RANGE_TOO_LONG: "platform" has 400 characters, more than the 256 a range may have
        fix: Write a shorter range, such as ^1.2.0."
    `);
  });

  it.each(["^1.0.0", '"*"', "1", "~1.2", '">=1.0.0 <2.0.0"', '"^1.0.0 || ^2.0.0"', '"1.2 - 2.3"', "^2.0.0-rc.1"])(
    "may be %s",
    (range) => {
      const text = /^\d+$/.test(range) ? `"${range}"` : range;
      expect(complaints(`${head}dependencies:\n  identity: ${text}\n`)).toBe("");
    },
  );
});

describe("durations", () => {
  it.each(["30", "0s", "0.5ms", "25h", "1441m", "-1s", "1 s", "forever"])(
    "have a unit and an end: %s is refused",
    (duration) => {
      expect(complaints(`${head}timeouts: { start: "${duration}" }\n`)).toBe(
        [
          "module.yaml:3:20",
          `  MANIFEST_DURATION: "timeouts.start" is "${duration}", which is not a duration from 1ms to 24h`,
          "  fix: Write a number with its unit: 500ms, 30s, 2m or 1h.",
        ].join("\n"),
      );
    },
  );

  it("may not be bare numbers", () => {
    expect(complaints(`${head}timeouts: { stop: 10 }\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:19
        MANIFEST_DURATION: "timeouts.stop" is "10", which is not a duration from 1ms to 24h
        fix: Write a number with its unit: 500ms, 30s, 2m or 1h."
    `);
  });
});

describe("types", () => {
  it("are told as people call them", () => {
    expect(complaints("name: [x]\nversion: 1.0.0\n")).toContain("fix: Write a text.");
    const text = `${head}critical: "yes"\ntimeouts: 30s\ndependencies: [identity]\ndescription:\nmain: { file: x }\n`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:3:11
        MANIFEST_TYPE: "critical" must be true or false, but is the text "yes"
        fix: Write true or false, or remove the key.
      module.yaml:4:11
        MANIFEST_TYPE: "timeouts" must be a mapping, but is the text "30s"
        fix: Write a mapping, or remove the key.
      module.yaml:5:15
        MANIFEST_TYPE: "dependencies" must be a mapping, but is a list
        fix: Write a mapping, or remove the key.
      module.yaml:6:1
        MANIFEST_TYPE: "description" must be a text, but is empty
        fix: Write a text, or remove the key.
      module.yaml:7:7
        MANIFEST_TYPE: "main" must be a text, but is a mapping
        fix: Write a text, or remove the key."
    `);
  });

  it("of a dependency may be a text or a mapping", () => {
    expect(complaints(`${head}dependencies:\n  identity:\n  audit: [1]\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:3
        MANIFEST_TYPE: "dependencies.identity" must be a text or a mapping, but is empty
        fix: Write a text or a mapping, or remove the key.
      module.yaml:5:10
        MANIFEST_TYPE: "dependencies.audit" must be a text or a mapping, but is a list
        fix: Write a text or a mapping, or remove the key."
    `);
  });
});

describe("sections", () => {
  const schema = createManifestSchema(sections);

  it("are told of in the words of their schema", () => {
    const text = `${head}permissions:\n  Ticket: x\n  read: { descripton: x }\n  write: 1\n  list: []\nmigrations: 7\nhttp: { prefix: /a, port: 99999 }\n`;
    expect(complaints(text, schema)).toMatchInlineSnapshot(`
      "module.yaml:4:3
        MANIFEST_VALUE: "permissions.Ticket" is not a permission code: write parts in lower case, with dots
        fix: Correct the value; the editor shows what is allowed when it knows the schema.
      module.yaml:5:3
        MANIFEST_MISSING_KEY: "permissions.read.description" is missing
        fix: Add it, for example description: ...
      module.yaml:5:11
        MANIFEST_UNKNOWN_KEY: "permissions.read.descripton" is not a key that is known here
        fix: Did you mean "description"?
      module.yaml:6:10
        MANIFEST_QUOTE: "permissions.write" is written 1, which YAML reads as the number 1, not as a text
        fix: Put it in quotes: "1"
      module.yaml:7:9
        MANIFEST_TYPE: "permissions.list" must be a text or a mapping, but is a list
        fix: Write a text or a mapping, or remove the key.
      module.yaml:8:13
        MANIFEST_QUOTE: "migrations" is written 7, which YAML reads as the number 7, not as a text
        fix: Put it in quotes: "7"
      module.yaml:9:27
        MANIFEST_VALUE: "http.port" is not accepted: too big: expected number to be <=65535
        fix: Correct the value; the editor shows what is allowed when it knows the schema."
    `);
  });

  it("are told of at any depth, with the nearest key", () => {
    const text = `${head}menu:\n  title: a\n  entries:\n    - title: b\n      kind: pages\n      entires: []\n    - 3\n`;
    expect(complaints(text, schema)).toMatchInlineSnapshot(`
      "module.yaml:7:13
        MANIFEST_VALUE: "menu.entries[0].kind" must be one of page, folder, but is the text "pages"
        fix: Correct the value; the editor shows what is allowed when it knows the schema.
      module.yaml:8:7
        MANIFEST_UNKNOWN_KEY: "menu.entries[0].entires" is not a key that is known here
        fix: Did you mean "entries"?
      module.yaml:9:7
        MANIFEST_TYPE: "menu.entries[1]" must be a mapping, but is the number 3
        fix: Write a mapping, or remove the key."
    `);
  });

  it("may not be claimed twice, nor be a key of the kernel", () => {
    const [first] = sections;
    if (first === undefined) throw new Error("no sections");
    expect(() => createManifestSchema([first, first])).toThrow(
      'two owners claim the section "permissions" of the manifest',
    );
    expect(() => createManifestSchema([{ ...first, key: "main" }])).toThrow('two owners claim the section "main"');
  });

  it("may use any Standard Schema, with issues that have a path of objects", () => {
    const schema = createManifestSchema([
      {
        key: "limits",
        schema: {
          "~standard": {
            version: 1,
            vendor: "test",
            validate: (value) =>
              typeof value === "object"
                ? { issues: [{ message: "Must be positive.", path: [{ key: "cpu" }] }] }
                : { value },
            jsonSchema: { input: () => ({ type: "object" }) },
          },
        },
      },
    ]);
    expect(complaints(`${head}limits: { cpu: -1 }\n`, schema)).toMatchInlineSnapshot(`
      "module.yaml:3:16
        MANIFEST_VALUE: "limits.cpu" is not accepted: must be positive
        fix: Correct the value; the editor shows what is allowed when it knows the schema."
    `);
    expect(complaints(`${head}limits: none\n`, schema)).toBe("");
  });

  it("may not be validated asynchronously", () => {
    const schema = createManifestSchema([
      {
        key: "slow",
        schema: {
          "~standard": {
            version: 1,
            vendor: "test",
            validate: (value) => Promise.resolve({ value }),
            jsonSchema: { input: () => ({}) },
          },
        },
      },
    ]);
    expect(() => complaints(`${head}slow: 1\n`, schema)).toThrow(
      'the schema of the section "slow" validates asynchronously',
    );
  });

  it("do not get a second complaint about a value that is refused already", () => {
    expect(complaints(`${head}migrations: *sql\nmain: !!int 7\ndescription: .nan\n`, schema)).toMatchInlineSnapshot(`
      "module.yaml:3:13
        MANIFEST_ALIAS: the file uses the alias *sql
        fix: Write the value out where it is needed; quote a text that begins with & or *.
      module.yaml:4:7
        MANIFEST_TAG: the file uses the tag !!int
        fix: Remove the tag; quote a text that begins with an exclamation mark.
      module.yaml:5:14
        MANIFEST_NUMBER: the number .nan cannot be kept exactly
        fix: Put it in quotes, if it is a text: ".nan""
    `);
  });
});
