import { rmSync } from "node:fs";
import path from "node:path";
import { HttpDirectory } from "@plinth/http";
import { defineModule, PlatformErrors } from "@plinth/module";
import { expect, onTestFinished, test } from "vitest";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import { testFolder } from "../folder.fixture.ts";
import { grainMs } from "./folder-state.ts";

const settings = { http: { port: 0, drainDelay: "0s" }, database: { dataDir: "memory://" } };

const greeter = (text: string) => `
  import { Http } from "@plinth/http";
  import { defineModule } from "@plinth/module";
  import { greeting } from "./greeting.ts";
  import { Greeting } from "./contract.ts";
  export default defineModule({
    requires: { http: Http },
    provides: { greeting: Greeting },
    setup({ http, config }) {
      http.get("/", { public: true }, () => ({ text: \`\${greeting} \${config.name ?? "you"} ${text}\` }));
      return { greeting: { text: () => greeting } };
    },
  });`;

const files = {
  "platform.yaml": "name: hall\n",
  "modules/greeter/module.yaml": "name: greeter\nversion: 1.0.0\nconfig: { properties: { name: { type: string } } }\n",
  "modules/greeter/src/contract.ts":
    'import { service } from "@plinth/module";\nexport const Greeting = service<{ text(): string }>("greeter.greeting");\n',
  "modules/greeter/src/greeting.ts": 'export const greeting: string = "hello";\n',
  "modules/greeter/src/index.ts": greeter("!"),
  "modules/echo/module.yaml": "name: echo\nversion: 1.0.0\ndependencies: { greeter: ^1.0.0 }\n",
  "modules/echo/src/index.ts": `
    import { Http } from "@plinth/http";
    import { defineModule, service } from "@plinth/module";
    export default defineModule({
      requires: { http: Http, greeting: service<{ text(): string }>("greeter.greeting") },
      setup({ http, greeting }) {
        http.get("/", { public: true }, () => ({ text: greeting.text() }));
      },
    });`,
};

async function hall(others: Readonly<Record<string, string>> = {}) {
  const folder = testFolder({ ...files, ...others });
  const written = Date.now();
  await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(written + grainMs + 1);
  const platform = await createPlatform({ root: folder.root, settings });
  await platform.start();
  onTestFinished(async () => {
    await platform.stop();
    folder[Symbol.dispose]();
  });
  const base = platform.service(HttpDirectory)?.address()?.url ?? "";
  const answer = async (at: string) => {
    const response = await fetch(base + at);
    return response.ok ? ((await response.json()) as { text: string }).text : `${response.status}`;
  };
  return { ...folder, platform, answer };
}

async function refused(change: Promise<unknown>): Promise<readonly string[]> {
  const thrown = await change.then(
    () => undefined,
    (error: unknown) => error,
  );
  return thrown instanceof PlatformErrors
    ? thrown.errors.map(({ code }) => code)
    : [(thrown as { code?: string } | undefined)?.code ?? "made"];
}

const statesOf = (platform: RunnablePlatform) =>
  platform
    .status()
    .modules.filter(({ source }) => source !== "platform")
    .map(({ name, state }) => `${name} ${state}`);

test("what an edited file says is what runs after a reload, and dependents are started again", async () => {
  const { platform, write, answer } = await hall();
  expect(await answer("/greeter")).toBe("hello you !");
  write({ "modules/greeter/src/index.ts": greeter("again") });
  const report = await platform.reload("greeter");
  expect(report).toMatchObject({ added: [], removed: [], reloaded: ["greeter"], restarted: ["echo"] });
  expect(await answer("/greeter")).toBe("hello you again");
  expect(await answer("/echo")).toBe("hello");
});

test("a refresh finds what was edited, added and removed, settings too, and leaves the rest alone", async () => {
  const { root, platform, write, answer } = await hall();
  const sinceOf = (name: string) => platform.status().modules.find((module) => module.name === name)?.since;
  const before = sinceOf("greeter");
  expect(await platform.refresh()).toMatchObject({ added: [], removed: [], reloaded: [], restarted: [] });
  write({
    "modules/late/module.yaml": "name: late\nversion: 1.0.0\nmigrations: ./migrations\n",
    "modules/late/migrations/0001_words.sql": "create table words (word text);\ninsert into words values ('late');\n",
    "modules/late/src/index.ts": `
      import { Database } from "@plinth/database";
      import { Http } from "@plinth/http";
      import { defineModule } from "@plinth/module";
      export default defineModule({
        requires: { db: Database, http: Http },
        setup({ db, http, config }) {
          http.get("/", { public: true }, async () => ({ text: (await db.query("select word from words")).rows[0].word }));
        },
      });`,
  });
  expect(await answer("/late")).toBe("404");
  expect(await platform.refresh()).toMatchObject({ added: ["late"], removed: [], reloaded: [], restarted: [] });
  expect(await answer("/late")).toBe("late");
  expect(sinceOf("greeter")).toBe(before);

  write({ "platform.yaml": "name: hall\ngreeter: { name: Ada }\n" });
  expect(await platform.refresh()).toMatchObject({ reloaded: ["greeter"], restarted: ["echo"] });
  expect(await answer("/greeter")).toBe("hello Ada !");

  rmSync(path.join(root, "modules/late"), { recursive: true });
  expect(await platform.refresh()).toMatchObject({ added: [], removed: ["late"], reloaded: [], restarted: [] });
  expect(await answer("/late")).toBe("404");
});

test("what is wrong is refused before anything stops, and what does not start is taken back", async () => {
  const { platform, write, answer } = await hall();
  write({ "modules/greeter/src/index.ts": "export default 1 +;\n" });
  expect(await refused(platform.reload("greeter"))).toEqual(["LOAD_IMPORT_FAILED"]);
  expect(await answer("/greeter")).toBe("hello you !");

  write({ "modules/greeter/module.yaml": "name: greeter\nversion: one\n" });
  expect(await refused(platform.refresh())).toContain("MANIFEST_VERSION");
  expect(await answer("/greeter")).toBe("hello you !");

  write({
    "modules/greeter/module.yaml": files["modules/greeter/module.yaml"],
    "modules/greeter/src/index.ts": greeter("!").replace(
      "http.get(",
      'if (true) throw new Error("not today");\nhttp.get(',
    ),
  });
  expect(await refused(platform.reload("greeter"))).toEqual(["START_FAILED"]);
  expect(await answer("/greeter")).toBe("hello you !");
  expect(await answer("/echo")).toBe("hello");
  expect(statesOf(platform)).toEqual(["greeter running", "echo running"]);

  write({ "modules/greeter/src/index.ts": greeter("again") });
  await platform.reload("greeter");
  expect(await answer("/greeter")).toBe("hello you again");
});

test("a module is added and removed by the program; one that others need stays", async () => {
  const { platform, answer } = await hall();
  expect(await refused(platform.remove("greeter"))).toEqual(["CHANGE_STILL_NEEDED"]);
  expect(await refused(platform.remove("http"))).toEqual(["CHANGE_OWN_MODULE"]);
  expect(await refused(platform.reload("gretter"))).toEqual(["CHANGE_NO_MODULE"]);
  const extra = defineModule({ name: "extra", version: "1.0.0" }, {});
  expect(await platform.add(extra)).toMatchObject({ added: ["extra"] });
  expect(await refused(platform.add(extra))).toEqual(["CHANGE_MODULE_KNOWN"]);
  expect(statesOf(platform)).toEqual(["extra running", "greeter running", "echo running"]);
  expect(await platform.refresh()).toMatchObject({ removed: [] });
  await platform.remove("extra");
  await platform.remove("echo");
  expect(statesOf(platform)).toEqual(["greeter running"]);
  expect(await answer("/echo")).toBe("404");
  expect(await platform.refresh()).toMatchObject({ added: [] });
});

test("requests that arrive while a module is reloaded wait and are answered", async () => {
  const { platform, answer } = await hall({
    "modules/slow/module.yaml": "name: slow\nversion: 1.0.0\n",
    "modules/slow/src/index.ts": `
      import { Http } from "@plinth/http";
      import { defineModule } from "@plinth/module";
      export default defineModule({
        requires: { http: Http },
        setup({ http, lifecycle, clock }) {
          lifecycle.onStart(() => new Promise((resolve) => void clock.timer(100, resolve)));
          http.get("/", { public: true }, () => ({ text: "ok" }));
        },
      });`,
  });
  const reloading = platform.reload("slow");
  const answers: Promise<string>[] = [];
  let isOver = false;
  void reloading.finally(() => {
    isOver = true;
  });
  do {
    answers.push(answer("/slow"));
    await Promise.race([answers.at(-1), new Promise((resolve) => setTimeout(resolve, 5))]);
  } while (!isOver);
  await reloading;
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["ok"]));
  expect(answers.length).toBeGreaterThan(3);
});

test("a module that is compiled in and whose folder has not changed is left alone by a refresh", async () => {
  const { root, write, answer } = await hall({
    "modules/desk/module.yaml":
      "name: desk\nversion: 1.0.0\npermissions:\n  ticket: { group: Tickets, read: See tickets }\n",
  });
  const permissions = { "ticket.read": { description: "See tickets", group: "Tickets" } };
  const desk = {
    manifest: { name: "desk", version: "1.0.0", permissions },
    definition: defineModule({}),
    folder: path.join(root, "modules/desk"),
  };
  const platform = await createPlatform({ root, settings, modules: [desk] });
  onTestFinished(async () => void (await platform.stop()));
  await platform.start();
  expect(await platform.refresh()).toMatchObject({ reloaded: [], restarted: [] });
  write({ "modules/desk/module.yaml": "name: desk\nversion: 1.1.0\n" });
  expect(await platform.refresh()).toMatchObject({ reloaded: ["desk"] });
  expect(await answer("/greeter")).toBe("hello you !");
});
