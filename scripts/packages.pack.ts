import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packAll, packages, root } from "./packed.fixture.ts";

let project: string;

function run(command: string, args: readonly string[], cwd = project): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), "plinth-packed-"));
  const tarballs = packAll(project);
  writeFileSync(path.join(project, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs]);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the packed packages, installed in an empty project", () => {
  it.each(packages)("%s holds what its exports name, and no sources", (name) => {
    const folder = path.join(project, "node_modules/@plinth", name);
    const { exports } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as {
      readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    };
    const files = Object.values(exports).flatMap((entry) =>
      typeof entry === "string"
        ? [entry]
        : Object.entries(entry).flatMap(([key, file]) => (key === "plinth-source" ? [] : [file])),
    );
    expect(files.filter((file) => !existsSync(path.join(folder, file)))).toEqual([]);
    expect(existsSync(path.join(folder, "src"))).toBe(false);
  });

  it.each(packages)("%s passes publint", (name) => {
    const output = run("npx", ["publint", "--strict", path.join("packages", name)], root);
    expect(output).toContain("All good!");
  });

  it("run a module over HTTP and type-check", () => {
    mkdirSync(path.join(project, "types"));
    writeFileSync(
      path.join(project, "hello.ts"),
      `import { Http } from "@plinth/http";
       import { defineModule } from "@plinth/module";
       import { createPlatform } from "@plinth/platform";
       const hello = defineModule({ name: "hello", version: "1.0.0" }, {
         requires: { http: Http },
         setup({ http }) { http.get("/", { public: true }, () => ({ hello: "world" })); },
       });
       const Address = Http;
       const platform = await createPlatform({ modules: [hello], settings: { http: { port: 0, drainDelay: "0s" } } });
       await platform.start();
       const address = platform.service(Address);
       void address;
       console.log(JSON.stringify(platform.status().modules.map(({ name, state }) => [name, state])));
       await platform.stop();`,
    );
    const output = run(process.execPath, ["hello.ts"]);
    expect(JSON.parse(output)).toContainEqual(["hello", "running"]);
    const options = [
      "--module",
      "nodenext",
      "--target",
      "es2024",
      "--strict",
      "--noEmit",
      "--skipLibCheck",
      "--types",
      "",
    ];
    run(path.join(root, "node_modules/.bin/tsc"), [...options, "hello.ts"]);
  });

  it("have a platformctl that runs", () => {
    expect(run("npx", ["platformctl", "--help"])).toContain("modules");
  });
});
