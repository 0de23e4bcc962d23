import { HttpDirectory } from "@plinth/http";
import { PlatformErrors, type PlatformEvent } from "@plinth/module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import { type TestFolder, testFolder } from "../folder.fixture.ts";

/** A module that does something bad when it is imported, started, stopped or asked to. */
interface Misbehaviour {
  readonly top?: string;
  readonly start?: string;
  readonly stop?: string;
  readonly act?: string;
  /** Does what is refused, and answers the code of the refusal. */
  readonly answers?: string;
  /** What the platform says of it. */
  readonly told: string;
}

const hang = "await new Promise(() => {});";

const misbehaviours: Readonly<Record<string, Misbehaviour>> = {
  "throws at import": { top: 'throw new Error("no");', told: "LOAD_IMPORT_FAILED" },
  "hangs at import": {
    top: "await new Promise((resolve) => setTimeout(resolve, 1e8));",
    told: "ISOLATION_IMPORT_TIMEOUT",
  },
  "throws in start": { start: 'throw new Error("no");', told: "START_FAILED" },
  "hangs in start": { start: hang, told: "START_TIMEOUT" },
  "hangs in stop": { stop: hang, told: "STOP_TIMEOUT" },
  exits: { act: "process.exit(3);", told: "ISOLATION_EXITED" },
  aborts: { act: "process.abort();", told: "ISOLATION_KILLED" },
  "allocates without end": {
    act: "globalThis.kept = []; for (;;) { globalThis.kept.push(Buffer.alloc(8e6, 1)); await 0; }",
    told: "ISOLATION_OUT_OF_MEMORY",
  },
  "blocks its loop": { act: "for (;;) {}", told: "ISOLATION_BLOCKED" },
  "leaves a rejection unhandled": { act: 'Promise.reject(new Error("lost"));', told: "ISOLATION_UNHANDLED" },
  "floods the host with calls": {
    act: "for (;;) for (let call = 0; call < 1e4; call++) void db.query('select 1').catch(() => {});",
    told: "ISOLATION_",
  },
  "sends a giant message": {
    answers: "return await db.query('x'.repeat(17 * 1024 * 1024)).catch(({ code }) => ({ code }));",
    told: "ISOLATION_MESSAGE_TOO_LARGE",
  },
};

function filesOf(name: string, { top = "", start = "", stop = "", act = "", answers = "return {};" }: Misbehaviour) {
  return {
    [`rogues/${name}/module.yaml`]: `name: ${name}\nversion: 1.0.0\nisolation: { memory: 256MB, heartbeat: 1s }\ntimeouts: { start: 3s, stop: 1s }\n`,
    [`rogues/${name}/src/index.ts`]: `
      import { Database } from "@plinth/database";
      import { Http } from "@plinth/http";
      import { defineModule } from "@plinth/module";
      ${top}
      export default defineModule({
        requires: { http: Http, db: Database },
        setup({ http, db, log, lifecycle }) {
          lifecycle.onStart(async () => { ${start} });
          lifecycle.onStop(async () => { ${stop} });
          http.get("/", { public: true }, async () => { ${act} ${answers} });
        },
      });`,
  };
}

const names = Object.keys(misbehaviours).map((what) => what.replaceAll(" ", "-"));

describe("a module that misbehaves in a process of its own", () => {
  let folder: TestFolder;
  let platform: RunnablePlatform;
  let base: string;
  const events: PlatformEvent[] = [];
  const livez: number[] = [];
  let stopAsking = () => {};
  let asked: Promise<void>;

  beforeAll(async () => {
    folder = testFolder({
      "platform.yaml": "name: hall\nrestart: { max: 0 }\n",
      "modules/good/module.yaml": "name: good\nversion: 1.0.0\n",
      "modules/good/src/index.ts": `
        import { Http } from "@plinth/http";
        import { defineModule } from "@plinth/module";
        export default defineModule({
          requires: { http: Http },
          setup({ http }) { http.get("/", { public: true }, () => ({ well: true })); },
        });`,
      ...Object.assign({}, ...Object.values(misbehaviours).map((one, index) => filesOf(names[index] ?? "", one))),
    });
    const settings = { http: { port: 0, drainDelay: "0s" }, database: { dataDir: "memory://" } };
    platform = await createPlatform({ root: folder.root, settings });
    platform.onEvent((event) => void events.push(event));
    await platform.start();
    base = platform.service(HttpDirectory)?.address()?.url ?? "";
    let isOver = false;
    stopAsking = () => {
      isOver = true;
    };
    asked = (async () => {
      while (!isOver) {
        livez.push((await fetch(`${base}/livez`)).status, (await fetch(`${base}/good`)).status);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    })();
  });

  afterAll(async () => {
    stopAsking();
    await asked;
    await platform.stop();
    folder[Symbol.dispose]();
  });

  test.each(Object.entries(misbehaviours))(
    "that %s is named for what it did, and the host answers all along",
    {
      timeout: 60_000,
    },
    async (what, { act, stop, answers, told }) => {
      const name = what.replaceAll(" ", "-");
      const before = livez.length;
      const added = await platform.add({ folder: `${folder.root}/rogues/${name}` }).catch((error: unknown) => error);
      if (act === undefined && stop === undefined && answers === undefined) {
        expect(added).toBeInstanceOf(PlatformErrors);
        expect((added as PlatformErrors).errors.map(({ code }) => code)).toEqual([told]);
      } else {
        expect(added).toMatchObject({ added: [name] });
        if (act !== undefined) {
          const answer = fetch(`${base}/${name}`).catch(() => undefined);
          const failure = () =>
            events.find((event) => event.type === "module.failed" && event.module === name && event.phase === "run");
          await expect.poll(failure, { timeout: 15_000 }).toBeDefined();
          const failed = failure();
          expect(failed?.type === "module.failed" ? failed.error.code : "").toContain(told);
          await expect
            .poll(() => platform.status().modules.find((module) => module.name === name)?.state)
            .toBe("failed");
          expect([200, 500, 502, 503, undefined]).toContain((await answer)?.status);
          expect((await fetch(`${base}/${name}`)).status).toBe(503);
        }
        if (answers !== undefined) expect(await (await fetch(`${base}/${name}`)).json()).toEqual({ code: told });
        const removed = await platform.remove(name);
        expect(removed.errors.map(({ code }) => code)).toEqual(stop === undefined ? [] : [told]);
      }
      expect((await fetch(`${base}/${name}`)).status).toBe(404);
      expect(platform.status().state).toBe("running");
      await expect.poll(() => livez.length).toBeGreaterThan(before);
      expect(new Set(livez)).toEqual(new Set([200]));
    },
  );
});
