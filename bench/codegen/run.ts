// Generates the sources of 1,000 modules whose manifests have 40 lines, beside the bare reading, parsing and writing of
// the same files, in fresh processes one after another.
// Without arguments it runs all and prints the table; with a case and a folder it measures that one.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findRoots, generate } from "@plinth/codegen";
import { interleaved } from "../lib/interleaved.ts";
import { markdownTable, milliseconds, ratio } from "../lib/table.ts";

const count = 1000;

interface Task {
  readonly folder: string;
  readonly manifests: readonly string[];
  readonly sources: readonly string[];
  readonly memory: string;
}

/** A clock by which no manifest has just been changed. */
const later = { wallTime: () => Date.now() + 60_000 };

function run({ folder, memory }: Task, remembers: boolean, check = false): number {
  const [root] = findRoots(folder, ["."]);
  if (root === undefined) throw new Error("no platform");
  const { files, problems } = generate(root, { memory: remembers && memory, clock: later, check });
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return files.filter(({ status }) => status !== "unchanged").length;
}

const parserPath = createRequire(import.meta.resolve("@plinth/kernel")).resolve("js-yaml");
const { load } = (await import(parserPath)) as { readonly load: (text: string) => unknown };

/** Each gives a number that shows that it has done its work. */
const cases: Readonly<Record<string, { prepare?(task: Task): void; measure(task: Task): number; expected: number }>> = {
  "bare reading": {
    measure: ({ manifests }) => manifests.map((file) => readFileSync(file, "utf8")).length,
    expected: count,
  },
  "bare reading and parsing": {
    measure: ({ manifests }) => manifests.map((file) => load(readFileSync(file, "utf8"))).length,
    expected: count,
  },
  "bare reading, parsing and writing": {
    prepare: removeSources,
    measure({ manifests, sources }) {
      const texts = manifests.map((file) => load(readFileSync(file, "utf8")));
      const text = "x".repeat(2500);
      for (const file of sources) writeFileSync(file, text);
      return texts.length;
    },
    expected: count,
  },
  "Plinth, nothing there": { prepare: removeSources, measure: (task) => run(task, false), expected: count + 1 },
  "Plinth, all up to date": {
    prepare: (task) => run(task, false),
    measure: (task) => run(task, false),
    expected: 0,
  },
  "Plinth, --check": { prepare: (task) => run(task, false), measure: (task) => run(task, false, true), expected: 0 },
  "Plinth, unchanged": { prepare: (task) => run(task, true), measure: (task) => run(task, true), expected: 0 },
  "Plinth, one changed": {
    prepare(task) {
      run(task, true);
      const [file = ""] = task.manifests.slice(500);
      writeFileSync(file, readFileSync(file, "utf8").replace(/number \d+/, `number ${Date.now()}`));
    },
    measure: (task) => run(task, true),
    expected: 1,
  },
};

function removeSources({ folder, sources }: Task): void {
  for (const file of [...sources, path.join(folder, "src/modules.gen.ts")]) rmSync(file, { force: true });
}

const manifestText = (
  index: number,
) => `# yaml-language-server: $schema=../../node_modules/@plinth/module/module.schema.json
name: module-${index}
version: 1.4.${index}
description: Support tickets and their replies, number ${index}.
platform: ^1.0.0
dependencies:
  identity: ^1.0.0
  knowledge: { version: ^2.1.0, optional: true }
permissions:
  ticket.open: Open a ticket
  ticket.read: See one's own tickets
  ticket.read-all: { description: See the tickets of all customers, group: Tickets }
  ticket.reply: { description: Reply to a ticket, group: Tickets }
  ticket.close: { description: Close a ticket, since: 1.2.0 }
  ticket.reopen: Open a closed ticket again
  ticket.assign: Make somebody responsible for a ticket
  ticket.shut: { replacedBy: ticket.close }
migrations: ./migrations
http: { prefix: /tickets-${index} }
config:
  required: [queue]
  properties:
    queue: { type: string, description: Where new tickets go. }
    pageSize: { type: integer, minimum: 1, default: 20, description: Tickets on a page. }
    suggestions: { type: integer, minimum: 0, default: 3 }
    closeAfter: { type: string, format: duration, default: 10m }
    labels:
      type: array
      items: { type: string }
      default: []
    mail:
      properties:
        from: { type: string, format: email }
        retries: { type: integer, default: 3 }
        level:
          enum: [info, warn, error]
          default: info
critical: false
timeouts:
  start: 30s
  stop: 10s
# the fortieth line
`;

function prepared(folder: string): Task {
  const home = path.join(folder, "modules");
  const names = readdirSync(home).sort();
  return {
    folder,
    manifests: names.map((name) => path.join(home, name, "module.yaml")),
    sources: names.map((name) => path.join(home, name, "src/module.gen.ts")),
    memory: path.join(folder, "memory"),
  };
}

function makePlatform(folder: string): void {
  const old = new Date(Date.now() - 60_000);
  writeFileSync(path.join(folder, "platform.yaml"), "modules: [modules/*]\n");
  for (let index = 0; index < count; index++) {
    const home = path.join(folder, "modules", `module-${index}`);
    mkdirSync(path.join(home, "src"), { recursive: true });
    writeFileSync(path.join(home, "module.yaml"), manifestText(index));
    utimesSync(path.join(home, "module.yaml"), old, old);
    writeFileSync(path.join(home, "src/index.ts"), "export default undefined;\n");
  }
}

function compare(rounds: number): void {
  const folder = mkdtempSync(path.join(tmpdir(), "plinth-bench-"));
  try {
    makePlatform(folder);
    const self = fileURLToPath(import.meta.url);
    // Preparing in the process that is measured would leave its code compiled, which that of a fresh run is not.
    const commands = Object.fromEntries(
      Object.keys(cases).flatMap((name) => [
        [`before ${name}`, [self, name, folder, "prepare"]],
        [name, [self, name, folder]],
      ]),
    );
    const times = interleaved<number>(commands, rounds);
    const best = (name: string) => Math.min(...(times.get(name) ?? []));
    const rows = Object.keys(cases).map((name) => [
      name,
      milliseconds(best(name)),
      ratio(best(name), best("bare reading")),
      ratio(best(name), best("bare reading and parsing")),
    ]);
    console.log(markdownTable([`${count} manifests of ${lines} lines`, "time", "to reading", "to parsing"], rows));
    console.log(
      `\nMinimum of ${rounds} interleaved fresh processes, imports not counted. Budgets: unchanged x2 of reading,`,
    );
    console.log("up to date but not remembered (a fresh clone) x1.3 of parsing.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const lines = manifestText(0).trimEnd().split("\n").length;
const [name, folder] = process.argv.slice(2);
const chosen = name === undefined ? undefined : cases[name];
if (chosen === undefined || folder === undefined) compare(7);
else {
  const task = prepared(folder);
  if (process.argv[4] === "prepare") {
    chosen.prepare?.(task);
    console.log("0");
  } else {
    const began = performance.now();
    const done = chosen.measure(task);
    const ms = performance.now() - began;
    if (done !== chosen.expected) throw new Error(`${name}: ${done} instead of ${chosen.expected}`);
    console.log(JSON.stringify(ms));
  }
}
