import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { testFolder } from "../folder.fixture.ts";

/** Each is a process that starts, answers over HTTP and ends. `npm run cycles` makes 500 of them. */
const cycles = Number(process.env.PLUGIN_CYCLES ?? 60);

interface Held {
  readonly heapMb: number;
  readonly externalMb: number;
  readonly rssMb: number;
  readonly handles: Readonly<Record<string, number>>;
  readonly listeners: number;
  readonly files: number;
  readonly modules: number;
}

test(`after ${cycles} times of installing and removing an isolated plugin the host holds what it held before`, {
  timeout: 900_000,
}, async () => {
  const folder = testFolder({
    "platform.yaml": "name: hall\n",
    "visitor/module.yaml": "name: visitor\nversion: 1.0.0\n",
    "visitor/index.js": `
      import { Http } from "@plinth/http";
      import { defineModule } from "@plinth/module";
      export default defineModule({
        requires: { http: Http },
        setup({ http }) { http.get("/", { public: true }, () => ({ pid: process.pid })); },
      });`,
  });
  onTestFinished(() => folder[Symbol.dispose]());
  const program = path.join(import.meta.dirname, "plugin-cycles.fixture.ts");
  const args = [
    "--conditions=plinth-source",
    "--expose-gc",
    program,
    folder.root,
    `${folder.root}/visitor`,
    `${cycles}`,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [before, after] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Held);
  if (before === undefined || after === undefined) throw new Error(`no figures: ${stdout}`);
  process.stdout.write(`${cycles} cycles: before ${JSON.stringify(before)}\n after ${JSON.stringify(after)}\n`);
  expect(after.handles).toEqual(before.handles);
  expect(after.listeners).toBe(before.listeners);
  expect(after.files).toBe(before.files);
  expect(after.modules).toBe(before.modules);
  // A leak of one module would be some hundred kilobytes a cycle.
  expect(after.heapMb - before.heapMb).toBeLessThan(8);
  expect(after.externalMb - before.externalMb).toBeLessThan(8);
});
