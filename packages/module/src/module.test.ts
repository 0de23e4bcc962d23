import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Logger } from "./log.ts";
import type { ManifestInput } from "./manifest.ts";
import { defineModule, isModuleDefinition } from "./module.ts";
import { scoped, service } from "./service.ts";

interface UserService {
  find(id: string): string | undefined;
}
interface SearchService {
  search(words: string): readonly string[];
}
const Users = service<UserService>("identity.users");
const Search = service<SearchService>("search.search");

describe("defineModule", () => {
  it("gives setup exactly what the module requires", () => {
    defineModule({
      requires: { users: Users },
      optional: { search: Search },
      setup(context) {
        expectTypeOf(context.users).toEqualTypeOf<UserService>();
        expectTypeOf(context.search).toEqualTypeOf<SearchService | undefined>();
        expectTypeOf(context.log).toEqualTypeOf<Logger>();
        expectTypeOf<keyof typeof context>().toEqualTypeOf<
          "users" | "search" | "config" | "log" | "clock" | "lifecycle"
        >();
      },
    });
  });

  it("types the settings by the manifest", () => {
    const manifest: ManifestInput<{ readonly pageSize: number }> = { name: "tickets", version: "1.0.0" };
    defineModule(manifest, {
      setup({ config }) {
        expectTypeOf(config).toEqualTypeOf<{ readonly pageSize: number }>();
      },
    });
    defineModule({ name: "plain", version: "1.0.0" }, { setup: ({ config }) => void config.anything });
  });

  it("takes a service or a scoped one as what setup provides", () => {
    defineModule({ provides: { search: Search }, setup: () => ({ search: { search: () => [] } }) });
    defineModule({ provides: { search: Search }, setup: () => ({ search: scoped(() => ({ search: () => [] })) }) });
  });

  it("makes a value that any copy of the package recognises, with everything left out", () => {
    const module = defineModule({});
    expect(isModuleDefinition(module)).toBe(true);
    expect(isModuleDefinition({ setup() {} })).toBe(false);
    expect([module.manifest, module.requires, module.optional, module.provides, module.setup({} as never)]).toEqual([
      undefined,
      {},
      {},
      {},
      undefined,
    ]);
  });
});

describe("service", () => {
  it("names its module by the first part of its id", () => {
    expect(Users).toEqual({ id: "identity.users", module: "identity" });
  });

  it.each(["users", "Identity.users", "identity.users.all", "identity.", ".users"])("refuses the id %s", (id) => {
    expect(() => service(id)).toThrow(`"${id}" is not the id of a service`);
  });
});

describe("a mistake in a module", () => {
  it.each([
    [
      "a service that is not required",
      "defineModule({ requires: { users: Users }, setup({ groups }) {} });",
      "Property 'groups' does not exist",
    ],
    [
      "a name that the context has already",
      "defineModule({ requires: { log: Users }, setup() {} });",
      'the platform itself gives \\"log\\" to setup: choose another name',
    ],
    ["a string for a reference", 'defineModule({ requires: { users: "identity.users" }, setup() {} });', "ServiceRef"],
    [
      "a provided service that is not returned",
      "defineModule({ provides: { users: Users }, setup() { return {}; } });",
      "Property 'users' is missing in type '{}'",
    ],
    [
      "a provided service of the wrong type",
      "defineModule({ provides: { users: Users }, setup: () => ({ users: { find: (id: number) => '' } }) });",
      "Type 'string' is not assignable to type 'number'",
    ],
    [
      "an asynchronous setup that provides services",
      "defineModule({ provides: { users: Users }, setup: async () => ({ users: { find: () => '' } }) });",
      "Property 'users' is missing in type 'Promise<",
    ],
    [
      "an optional service that is used without a look",
      "defineModule({ optional: { users: Users }, setup({ users }) { users.find(''); } });",
      "'users' is possibly 'undefined'",
    ],
  ])(
    "is a compile error that says so: %s",
    (_, code, message) => {
      const folder = mkdtempSync(path.join(import.meta.dirname, "type-test-"));
      try {
        writeFileSync(
          path.join(folder, "a.ts"),
          `import { defineModule, service } from "../index.ts";
         const Users = service<{ find(id: string): string }>("identity.users");
         ${code}`,
        );
        writeFileSync(
          path.join(folder, "tsconfig.json"),
          JSON.stringify({
            extends: "../../../../tsconfig.base.json",
            compilerOptions: { composite: false, noEmit: true, rootDir: "../../../.." },
            files: ["a.ts"],
          }),
        );
        const tsc = path.resolve(import.meta.dirname, "../../../node_modules/.bin/tsc");
        const { stdout } = spawnSync(tsc, ["-p", folder], { encoding: "utf8" });
        expect(stdout).toContain(message);
        expect(stdout.match(/error TS/g)).toHaveLength(1);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    60_000,
  );
});
