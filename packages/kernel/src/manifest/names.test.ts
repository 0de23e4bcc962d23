import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { readManifests } from "./read-manifests.ts";

const folder = testFolder();
const { complaints } = folder;

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
        fix: Choose another name; name, modules, stop, log, plugins, isolation, restart, control, platform are taken."
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
