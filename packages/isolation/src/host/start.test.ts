import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { noRights } from "@plinth/module";
import { afterAll, describe, expect, it } from "vitest";
import { diesWithHost } from "./dies-with-host.ts";
import { environmentFor } from "./environment.ts";
import { exitError } from "./exit-error.ts";
import { nodeArguments, nodeOptions } from "./node-arguments.ts";
import { readableFolders } from "./readable.ts";

const root = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-readable-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Makes a package; `depends` are the names in its package.json. */
function pack(folder: string, depends: readonly string[] = [], key = "dependencies"): string {
  const at = path.join(root, folder);
  mkdirSync(at, { recursive: true });
  const dependencies = Object.fromEntries(depends.map((name) => [name, "*"]));
  writeFileSync(path.join(at, "package.json"), JSON.stringify({ name: path.basename(folder), [key]: dependencies }));
  return at;
}

function link(name: string, folder: string, at = "node_modules"): void {
  const place = path.join(root, at, name);
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(path.join(root, folder), place);
}

describe("what a module's process may read", () => {
  pack(".");
  pack("node_modules/installed");
  const one = pack("workspace/one", ["two"]);
  const two = pack("workspace/two", ["one", "installed"], "peerDependencies");
  pack("workspace/secret");
  for (const name of ["one", "two", "secret"]) link(name, `workspace/${name}`);
  const lookup = path.join(root, "node_modules");

  it("is its folder, the packages that its imports are looked up in, and the links among them that it names", () => {
    const folder = pack("modules/toy", ["one", "installed", "missing"]);
    expect(readableFolders(folder, [])).toEqual([folder, lookup, one, two].sort());
  });

  it("is not what other modules of the workspace are", () => {
    const folder = pack("modules/alone", ["installed"]);
    expect(readableFolders(folder, [])).toEqual([folder, lookup].sort());
  });

  it("is by the nearest package.json for a module without one", () => {
    const folder = path.join(root, "plugins/bare");
    mkdirSync(folder, { recursive: true });
    expect(readableFolders(folder, [])).toEqual([lookup, folder].sort());
  });

  it("is the real folder of a module that is linked", () => {
    pack("elsewhere/linked");
    link("linked", "elsewhere/linked", "modules");
    const folder = path.join(root, "modules/linked");
    expect(readableFolders(folder, [])).toEqual([path.join(root, "elsewhere/linked"), folder, lookup].sort());
  });

  it("is the package of the runtime, but of the platform's own package only the folder of the file", () => {
    const folder = pack("modules/other");
    mkdirSync(path.join(root, "dist"));
    const bundle = path.join(root, "dist/child.js");
    writeFileSync(bundle, "");
    expect(readableFolders(folder, [path.join(two, "src/child.ts"), bundle])).toEqual(
      [folder, lookup, one, two, path.join(root, "dist")].sort(),
    );
  });

  it("survives a package.json that is none, and names that lead out of node_modules", () => {
    const folder = pack("modules/odd", ["../workspace/secret"]);
    expect(readableFolders(folder, [])).toEqual([folder, lookup].sort());
    writeFileSync(path.join(folder, "package.json"), "{");
    expect(readableFolders(folder, [])).toEqual([folder, lookup].sort());
  });
});

describe("what a module's process is started with", () => {
  it("is the permission model, the heap's limit and how code is found", () => {
    expect(
      nodeArguments({
        read: ["/m"],
        write: ["/data"],
        rights: { ...noRights, workers: true, addons: true },
        memoryMb: 256,
        inherited: [
          "--conditions=a",
          "-C",
          "b",
          "--inspect",
          "--import",
          "./x.js",
          "--no-experimental-strip-types",
          "--max-old-space-size=99",
        ],
      }),
    ).toEqual([
      "--conditions=a",
      "--conditions=b",
      "--no-experimental-strip-types",
      "--disable-warning=ExperimentalWarning",
      "--max-old-space-size=192",
      "--permission",
      "--allow-fs-read=/m",
      "--allow-fs-read=/data",
      "--allow-fs-write=/data",
      "--allow-worker",
      "--allow-addons",
      "--allow-wasi",
    ]);
    expect(nodeOptions(" --conditions=x  --no-warnings ")).toEqual(["--conditions=x", "--no-warnings"]);
    expect(nodeOptions(undefined)).toEqual([]);
  });

  it("is an environment of granted variables", () => {
    const env = { TOKEN: "t", SECRET: "s", NODE_ENV: "test", PATH: "/bin", LANG: undefined };
    expect(environmentFor(["TOKEN", "ABSENT"], env)).toEqual({ TOKEN: "t", NODE_ENV: "test" });
  });

  it("is a program that ends it with the host, where that is there", () => {
    const command = { file: "/bin/node", args: ["--permission", "x.js"] };
    expect(diesWithHost(command, (file) => file)).toEqual({
      file: "/usr/bin/setpriv",
      args: ["--pdeathsig", "KILL", "--", "/bin/node", "--permission", "x.js"],
    });
    expect(diesWithHost(command, () => "/bin/busybox")).toBe(command);
    expect(diesWithHost(command, () => undefined)).toBe(command);
  });
});

describe("why a process ended", () => {
  it.each([
    [
      { code: 3, signal: null, lastWords: "" },
      "ISOLATION_EXITED",
      'the process of module "toy" ended by itself with exit code 3',
    ],
    [
      { code: null, signal: "SIGKILL", lastWords: "" },
      "ISOLATION_KILLED",
      'the process of module "toy" was ended by SIGKILL',
    ],
    [
      { code: null, signal: "SIGABRT", lastWords: "abort" },
      "ISOLATION_KILLED",
      'the process of module "toy" was ended by SIGABRT',
    ],
    [
      {
        code: null,
        signal: "SIGABRT",
        lastWords: "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      },
      "ISOLATION_OUT_OF_MEMORY",
      'the process of module "toy" used more memory than its 64 MB',
    ],
    [{ code: 134, signal: null, lastWords: "JavaScript heap out of memory" }, "ISOLATION_OUT_OF_MEMORY", undefined],
    [{ code: 1, signal: null, lastWords: "heap out of memory, it said" }, "ISOLATION_EXITED", undefined],
  ])("is told from code, signal and last words: %o", (exit, code, message = expect.any(String)) => {
    expect(exitError("toy", 64, exit)).toMatchObject({ code, message });
  });

  it("has the last words as its cause", () => {
    const { cause } = exitError("toy", 64, { code: 1, signal: null, lastWords: "Segmentation\n" });
    expect(cause).toMatchObject({ message: "its last words:\nSegmentation" });
  });
});
