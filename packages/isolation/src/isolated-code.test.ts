import { afterAll, afterEach, describe, expect, it } from "vitest";
import { isAlive, ModuleFolders, ToyHost } from "./host.fixture.ts";
import type { IsolationOptions } from "./options.ts";

const folders = new ModuleFolders();
const hosts: ToyHost[] = [];

async function load(code: string, options?: IsolationOptions): Promise<ToyHost> {
  const host = await ToyHost.load(folders.module("toy", code), options);
  hosts.push(host);
  return host;
}

afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.unload()));
});
afterAll(() => folders.remove());

type Async<T> = { readonly [K in keyof T]: T[K] };

describe("a module in a process of its own", () => {
  it("is described, started, called and stopped", async () => {
    const host = await load(`
      import { defineModule, service } from "@plinth/module";
      export default defineModule({
        requires: { users: service("identity.users") },
        optional: { search: service("search.search") },
        provides: { desk: service("toy.desk") },
        setup({ users, search, config, log, lifecycle }) {
          let started = "no";
          lifecycle.onStart(async () => { started = await users.nameOf(7); });
          lifecycle.onStop(() => log.info({ started }, "stopped"));
          return {
            desk: {
              greet: (whom) => config.greeting + " " + whom + " from " + started + " in " + process.pid,
              hasSearch: () => search !== undefined,
            },
          };
        },
      });
    `);
    expect(host.definition.requires).toEqual({ users: { id: "identity.users", module: "identity" } });
    expect(Object.keys(host.definition.optional)).toEqual(["search"]);
    const { pid } = host;
    expect(pid).not.toBe(process.pid);
    await host.start({ users: { nameOf: (id: number) => `user ${id}` } }, { greeting: "hello" });
    const desk = host.provided.desk as Async<{ greet(whom: string): Promise<string>; hasSearch(): Promise<boolean> }>;
    await expect(desk.greet("you")).resolves.toBe(`hello you from user 7 in ${pid}`);
    await expect(desk.hasSearch()).resolves.toBe(false);
    await host.stop();
    expect(host.lines).toContainEqual({ level: "info", fields: { started: "user 7" }, message: "stopped" });
    expect(host.pid).toBeUndefined();
    expect(isAlive(pid as number)).toBe(false);
    expect(host.failures).toEqual([]);
  });
});
