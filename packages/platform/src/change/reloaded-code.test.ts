import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { testFolder } from "../folder.fixture.ts";
import { grainMs } from "./folder-state.ts";

const greeting = (text: string) =>
  `globalThis.timesLoaded = (globalThis.timesLoaded ?? 0) + 1;\nexport const greeting: string = "${text}";\n`;
const late = (text: string) => `export const ending: string = "${text}";\n`;
const index = (mark: string) => `
  import { Http } from "@plinth/http";
  import { defineModule } from "@plinth/module";
  import { greeting } from "./greeting.ts";
  export default defineModule({
    requires: { http: Http },
    setup({ http }) {
      http.get("/", { public: true }, async () => \`"\${greeting}${mark}\${(await import("./late.ts")).ending}"\`);
    },
  });`;

interface Told {
  readonly made: unknown;
  readonly answer: string;
  readonly loads: number;
}

async function runIn(files: Readonly<Record<string, string>>) {
  const folder = testFolder(files);
  const written = Date.now();
  await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(written + grainMs + 1);
  const program = path.join(import.meta.dirname, "reloading-process.fixture.ts");
  const child = spawn(process.execPath, ["--conditions=plinth-source", program, folder.root], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
    folder[Symbol.dispose]();
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const told = async () => JSON.parse((await lines.next()).value ?? "null") as Told;
  const reload = (name: string) => {
    child.stdin.write(`${name}\n`);
    return told();
  };
  const end = async () => {
    child.stdin.end();
    const [code] = await once(child, "exit");
    return code as number;
  };
  return { ...folder, first: await told(), reload, end };
}

test("a reload runs what the files of the module say now, also those that it imports later, and loads unchanged code once", async () => {
  const running = await runIn({
    "platform.yaml": "name: hall\n",
    "modules/greeter/module.yaml": "name: greeter\nversion: 1.0.0\n",
    "modules/greeter/src/index.ts": index(" "),
    "modules/greeter/src/greeting.ts": greeting("hello"),
    "modules/greeter/src/late.ts": late("you"),
  });
  expect(running.first).toEqual({ made: "started", answer: "hello you", loads: 1 });
  for (let round = 0; round < 20; round += 1) {
    expect(await running.reload("greeter")).toMatchObject({ made: { reloaded: ["greeter"] }, loads: 1 });
  }
  running.write({
    "modules/greeter/src/greeting.ts": greeting("good day"),
    "modules/greeter/src/late.ts": late("all"),
  });
  expect(await running.reload("greeter")).toMatchObject({ answer: "good day all", loads: 2 });

  running.write({ "modules/greeter/src/greeting.ts": "export const greeting: string = ;\n" });
  expect(await running.reload("greeter")).toMatchObject({
    made: ["LOAD_IMPORT_FAILED"],
    answer: "good day all",
    loads: 2,
  });
  running.write({ "modules/greeter/src/greeting.ts": greeting("hi") });
  expect(await running.reload("greeter")).toMatchObject({ answer: "hi all", loads: 3 });
  expect(await running.end()).toBe(0);
});
