// Runs every bench, or those named (npm run bench -- boot), and keeps what they print in docs/performance.md.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const benches: readonly { readonly name: string; readonly title: string; readonly file: string }[] = [
  { name: "boot", title: "Boot: wiring and starting N modules", file: "boot/run.ts" },
  { name: "load", title: "Loading 200 and 1,000 modules", file: "load/run.ts" },
  { name: "isolation", title: "Isolation: calls into another process", file: "isolation/run.ts" },
  { name: "migrations", title: "Migrations: 200 small ones", file: "migrations.ts" },
  { name: "http", title: "HTTP: a trivial route", file: "http/dispatch.ts" },
  { name: "apart", title: "HTTP: a module in a process of its own", file: "http/apart.ts" },
  { name: "pick", title: "Discovery: picking an instance", file: "discovery/pick.ts" },
  { name: "dispatcher", title: "Discovery: requests through the dispatcher", file: "discovery/dispatcher.ts" },
  { name: "discovery-memory", title: "Discovery: memory at 10,000 endpoints", file: "discovery/memory.ts" },
  { name: "consul", title: "Discovery: Consul", file: "discovery/consul.ts" },
  { name: "codegen", title: "Generating code from 1,000 manifests", file: "codegen/run.ts" },
  { name: "cli", title: "Command line", file: "cli/run.ts" },
];

const page = path.resolve(import.meta.dirname, "../docs/performance.md");
const wanted = process.argv.slice(2);
const chosen = benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(`no bench is named ${unknown.join(", ")}; there are ${benches.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const sections = readSections();
for (const { title, file } of chosen) {
  const script = path.join(import.meta.dirname, file);
  if (!existsSync(script)) continue;
  console.log(`\n## ${title}\n`);
  const { stdout, status } = spawnSync(process.execPath, ["--conditions=plinth-source", script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 26,
  });
  if (status !== 0) {
    console.error(`${file} failed`);
    process.exitCode = 1;
    continue;
  }
  console.log(stdout.trim());
  sections.set(title, stdout.trim());
}
writeSections();

/** What the page holds already, by title, so that one bench can be renewed alone. */
function readSections(): Map<string, string> {
  const text = existsSync(page) ? readFileSync(page, "utf8") : "";
  return new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf("\n");
        return [section.slice(0, end), section.slice(end).trim()];
      }),
  );
}

function writeSections(): void {
  const parts = benches.flatMap(({ title }) => {
    const section = sections.get(title);
    return section === undefined ? [] : [`## ${title}\n\n${section}\n`];
  });
  const head = [
    "# Performance",
    "",
    "Measured by `make bench` beside peers, in fresh interleaved processes. Read the ratios: times belong to one machine on",
    "one day. A row that misses its budget is left in.",
    "",
  ];
  writeFileSync(page, `${head.join("\n")}\n${parts.join("\n")}`);
}
