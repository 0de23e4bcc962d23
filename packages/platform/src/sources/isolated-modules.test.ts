import { HttpDirectory } from "@plinth/http";
import { service } from "@plinth/module";
import { expect, onTestFinished, test } from "vitest";
import { createPlatform } from "../create-platform.ts";
import { testFolder } from "../folder.fixture.ts";

const Words = service<{ last(): Promise<string>; add(word: string): Promise<number> }>("words.words");

const files = {
  "platform.yaml": "name: hall\nrestart: { backoff: 20ms }\n",
  "modules/words/module.yaml":
    "name: words\nversion: 1.0.0\nisolation: process\nmigrations: ./migrations\nconfig: { properties: { first: { default: hello } } }\n",
  "modules/words/migrations/0001_words.sql": "create table words (id serial primary key, word text not null);\n",
  "modules/words/src/index.ts": `
    import { Database } from "@plinth/database";
    import { Http } from "@plinth/http";
    import { defineModule, service } from "@plinth/module";
    export default defineModule({
      requires: { db: Database, http: Http },
      provides: { words: service("words.words") },
      setup({ db, http, config, lifecycle }) {
        const words = {
          last: async () => (await db.query("select word from words order by id desc limit 1")).rows[0].word,
          add: async (word) => (await db.query("insert into words (word) values ($1) returning id", [word])).rows[0].id,
        };
        lifecycle.onStart(async () => void (await words.add(config.first)));
        http.get("/", { public: true }, async () => ({ pid: process.pid, word: await words.last() }));
        return { words };
      },
    });`,
  "modules/reader/module.yaml": "name: reader\nversion: 1.0.0\ndependencies: { words: ^1.0.0 }\n",
  "modules/reader/src/index.ts": `
    import { Http } from "@plinth/http";
    import { defineModule, service } from "@plinth/module";
    export default defineModule({
      requires: { http: Http, words: service("words.words") },
      setup({ http, words }) {
        http.get("/", { public: true }, async () => ({ pid: process.pid, word: await words.last() }));
      },
    });`,
};

const settings = { http: { port: 0, drainDelay: "0s" }, database: { dataDir: "memory://" } };

async function running() {
  const folder = testFolder(files);
  const platform = await createPlatform({ root: folder.root, settings });
  onTestFinished(async () => {
    await platform.stop();
    folder[Symbol.dispose]();
  });
  await platform.start();
  const base = platform.service(HttpDirectory)?.address()?.url ?? "";
  const get = async (at: string) => {
    const response = await fetch(base + at);
    return { status: response.status, body: (await response.json()) as { pid?: number; word?: string } };
  };
  const statusOf = (name: string) => platform.status().modules.find((module) => module.name === name);
  return { ...folder, platform, get, statusOf };
}

test("a module in a process of its own has its routes, its tables and its services, as any other", async () => {
  const { platform, get, statusOf } = await running();
  const pid = statusOf("words")?.pid;
  expect(pid).not.toBe(process.pid);
  expect(await get("/words")).toEqual({ status: 200, body: { pid, word: "hello" } });
  expect(await get("/reader")).toEqual({ status: 200, body: { pid: process.pid, word: "hello" } });
  expect(await platform.service(Words)?.add("again")).toBe(2);
  expect((await get("/words")).body.word).toBe("again");
});

test("killed, it is started again, and what depends on it goes on", async () => {
  const { get, statusOf } = await running();
  const pid = statusOf("words")?.pid ?? 0;
  const since = statusOf("reader")?.since;
  process.kill(pid, "SIGKILL");
  await expect.poll(() => statusOf("words")?.restarts, { timeout: 10_000 }).toBe(1);
  await expect.poll(() => statusOf("words")?.state, { timeout: 10_000 }).toBe("running");
  expect(statusOf("words")?.pid).not.toBe(pid);
  expect((await get("/words")).body.word).toBe("hello");
  expect((await get("/reader")).body.word).toBe("hello");
  expect(statusOf("reader")?.since).toBe(since);
});

test("a reload gives it a new process with the new code; removed, its process ends", async () => {
  const { platform, write, get, statusOf } = await running();
  const pid = statusOf("words")?.pid ?? 0;
  const source = files["modules/words/src/index.ts"].replace("pid: process.pid", "pid: 0");
  write({ "modules/words/src/index.ts": source });
  expect(await platform.reload("words")).toMatchObject({ reloaded: ["words"], restarted: ["reader"] });
  expect((await get("/words")).body.pid).toBe(0);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  const next = statusOf("words")?.pid ?? 0;
  await platform.remove("reader");
  await platform.remove("words");
  expect((await get("/words")).status).toBe(404);
  expect(() => process.kill(next, 0)).toThrow("ESRCH");
});

test("a reload that does not start leaves the former version running, though its files are no more what they were", async () => {
  const { platform, write, get, statusOf } = await running();
  const index = files["modules/words/src/index.ts"];
  write({
    "modules/words/src/index.ts": index.replace("const words = {", 'throw new Error("not today");\nconst words = {'),
  });
  await expect(platform.reload("words")).rejects.toThrow("not today");
  expect(statusOf("words")).toMatchObject({ state: "running", error: undefined });
  expect((await get("/words")).body.word).toBe("hello");
  expect((await get("/reader")).body.word).toBe("hello");
  process.kill(statusOf("words")?.pid ?? 0, "SIGKILL");
  await expect.poll(() => statusOf("words")?.restarts, { timeout: 10_000 }).toBe(1);
  await expect.poll(() => statusOf("words")?.state, { timeout: 10_000 }).toBe("running");
  write({ "modules/words/src/index.ts": index.replace("pid: process.pid", "pid: 0") });
  await platform.reload("words");
  expect((await get("/words")).body.pid).toBe(0);
});
