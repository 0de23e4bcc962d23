import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";
import { resolveInside } from "./inside.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { readManifests } from "./read-manifests.ts";

const folder = testFolder();
const module = path.join(folder.path, "module");
folder.write("module/migrations/0001.sql", "");
folder.write("module/src/main.ts", "");
folder.write("secret/keys.txt", "");
symlinkSync(path.join(folder.path, "secret"), path.join(module, "elsewhere"));
symlinkSync("migrations", path.join(module, "sql"));
symlinkSync("nowhere", path.join(module, "broken"));
symlinkSync("circle", path.join(module, "circle"));
mkdirSync(path.join(folder.path, "module-2"));

function refusal(relative: string): string {
  try {
    return `accepted: ${resolveInside(module, relative, { key: ["migrations"], at: [{ file: "module.yaml", line: 3 }] })}`;
  } catch (error) {
    return folder.tell([error as never]);
  }
}

describe("a path of a module", () => {
  it.each([
    ["migrations", "migrations"],
    ["./migrations", "migrations"],
    ["migrations/", "migrations"],
    ["src/main.ts", "src/main.ts"],
    [".", ""],
    ["sql/0001.sql", "migrations/0001.sql"],
    ["not/there/yet.ts", "not/there/yet.ts"],
    ["src/main.ts/below", "src/main.ts/below"],
    ["..hidden", "..hidden"],
  ])("leads inside its folder: %s", (relative, real) => {
    expect(resolveInside(module, relative, { key: ["main"] })).toBe(path.join(module, real));
  });

  it.each([
    ["..", 'which leads out of the module\'s folder by ".."'],
    ["../secret", 'which leads out of the module\'s folder by ".."'],
    ["migrations/../../secret", 'which leads out of the module\'s folder by ".."'],
    ["migrations/..", 'which leads out of the module\'s folder by ".."'],
    ["/etc/passwd", "an absolute path"],
    ["C:/windows", "an absolute path"],
    ["C:windows", "an absolute path"],
    ["\\\\server\\share", "an absolute path"],
    ["src\\main.ts", "which contains a backslash"],
    ["", "which names no file"],
    ["a\0b", "which contains a zero byte"],
    ["broken", "which a broken link stands in the way of"],
    ["broken/below", "which a broken link stands in the way of"],
    ["circle", "which a broken link stands in the way of"],
  ])("is refused when it could lead out: %j", (relative, reason) => {
    const shown = relative.replace("\0", "\\u{0}");
    expect(refusal(relative)).toBe(
      [
        "module.yaml:3",
        `  MANIFEST_PATH_OUTSIDE: "migrations" is "${shown}", ${reason}`,
        "  fix: Use a path relative to the module's folder that stays inside it, with forward slashes.",
      ].join("\n"),
    );
  });

  it("is refused when a link leads out of the folder, by its real path", () => {
    const reason = `which leads out of the module's folder to ${path.join(folder.path, "secret")}`;
    expect(refusal("elsewhere")).toContain(`MANIFEST_PATH_OUTSIDE: "migrations" is "elsewhere", which leads out`);
    expect(() => resolveInside(module, "elsewhere", { key: ["main"] })).toThrow(reason);
    expect(() => resolveInside(module, "elsewhere/keys.txt", { key: ["main"] })).toThrow(
      path.join("secret", "keys.txt"),
    );
    expect(() => resolveInside(module, "elsewhere/new.txt", { key: ["main"] })).toThrow(path.join("secret", "new.txt"));
  });

  it("is not inside a folder whose name only begins like the module's", () => {
    symlinkSync(path.join(folder.path, "module-2"), path.join(module, "sibling"));
    expect(() => resolveInside(module, "sibling", { key: ["main"] })).toThrow("leads out");
  });

  it("may be reached through a link to the module itself", () => {
    symlinkSync(module, path.join(folder.path, "linked"));
    expect(resolveInside(path.join(folder.path, "linked"), "src/main.ts", { key: ["main"] })).toBe(
      path.join(module, "src/main.ts"),
    );
  });
});

describe("main in a manifest", () => {
  it("is held to this, with its place", () => {
    const file = folder.write("module/module.yaml", `${head}main: elsewhere/keys.txt\n`);
    const { problems, manifests } = readManifests([file], createManifestSchema());
    expect(manifests).toEqual([]);
    expect(folder.tell(problems)).toContain(
      'module/module.yaml:3:7\n  MANIFEST_PATH_OUTSIDE: "main" is "elsewhere/keys.txt", which leads out of the module\'s folder to',
    );
    expect(folder.complaints(`${head}main: ../other/index.js\n`)).toBe(
      [
        "module.yaml:3:7",
        '  MANIFEST_PATH_OUTSIDE: "main" is "../other/index.js", which leads out of the module\'s folder by ".."',
        "  fix: Use a path relative to the module's folder that stays inside it, with forward slashes.",
      ].join("\n"),
    );
  });

  it("may name a file that does not exist: the loader tells of that", () => {
    expect(folder.complaints(`${head}main: dist/index.js\n`)).toBe("");
  });
});
