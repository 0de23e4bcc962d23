// Starts platformctl, as it is published, beside other command lines and Node.js on an empty file: whole processes,
// one after another in turn, with their outputs in pipes.
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { markdownTable, milliseconds, ratio } from "../lib/table.ts";
import { makePlatform } from "./platforms.ts";

const rounds = 15;
const bench = path.resolve(import.meta.dirname, "..");
const cli = path.resolve(bench, "../packages/cli");
const folder = mkdtempSync(path.join(tmpdir(), "plinth-bench-"));
const { NODE_EXTRA_CA_CERTS: _, NODE_COMPILE_CACHE: __, ...inherited } = process.env;
const env = { ...inherited, HOME: path.join(folder, "home"), NX_DAEMON: "false" };

interface Contender {
  readonly name: string;
  readonly args: readonly string[];
  /** What it may take longer than the empty file, in milliseconds. */
  readonly budget?: number;
  /** Is called before each start, outside of the time. */
  before?(): void;
}

try {
  compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(): void {
  const bin = install();
  const empty = path.join(folder, "empty.cjs");
  writeFileSync(empty, "");
  const [few, many] = [platform(100), platform(1000)];
  const manifest = path.join(many, "modules/module-500/module.yaml");
  const edit = (): void => {
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/replies, .*/, `replies, at ${Date.now()}.`));
  };
  const ours = (...args: string[]) => [bin, ...args];
  const peer = (name: string, ...args: string[]) => [path.join(bench, "node_modules/.bin", name), ...args];
  const contenders: readonly Contender[] = [
    { name: "node, an empty file", args: [empty] },
    { name: "platformctl --version", args: ours("--version"), budget: 8 },
    { name: "platformctl --help", args: ours("--help"), budget: 8 },
    { name: "modules list, 100 modules unchanged", args: ours("modules", "list", "-C", few), budget: 25 },
    { name: "the same, --no-cache", args: ours("modules", "list", "-C", few, "--no-cache") },
    {
      name: "completing a module's name, 100 modules",
      args: ours("complete", "--", "-C", few, "modules", "show", "module-5"),
    },
    { name: "modules validate, 1,000 modules unchanged", args: ours("modules", "validate", "-C", many), budget: 400 },
    {
      name: "the same, one manifest changed",
      args: ours("modules", "validate", "-C", many),
      budget: 400,
      before: edit,
    },
    { name: "the same, --no-cache", args: ours("modules", "validate", "-C", many, "--no-cache") },
    { name: "in this repository: --help", args: [path.join(cli, "bin/platformctl.js"), "--help"] },
    { name: "nest --help", args: peer("nest", "--help") },
    { name: "nx --version", args: peer("nx", "--version") },
    { name: "moleculer-runner --help", args: peer("moleculer-runner", "--help") },
    { name: "kysely --help (kysely-ctl)", args: peer("kysely", "--help") },
  ];
  for (const one of contenders) remembered(one);
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, one] of contenders.entries()) {
      one.before?.();
      times[index]?.push(timeOf(one));
    }
  }
  const best = times.map((all) => Math.min(...all));
  const base = best[0] ?? 0;
  const rows = contenders.map(({ name, budget }, index) => {
    const ms = best[index] ?? 0;
    return [
      name,
      milliseconds(ms),
      `+${milliseconds(ms - base)}`,
      ratio(ms, base),
      budget === undefined ? "" : `+${budget} ms`,
    ];
  });
  console.log(markdownTable(["a whole process", "time", "over the empty file", "ratio", "budget"], rows));
  console.log(
    `\nMinimum of ${rounds} interleaved processes. Where nothing else is said, platformctl is the published package.`,
  );
}

/** The bin and the bundle of @plinth/cli without the sources, as a package has them. */
function install(): string {
  execFileSync(process.execPath, [path.join(cli, "build/bundle.ts")], { stdio: "inherit" });
  const home = path.join(folder, "cli");
  for (const part of ["bin", "bundle", "package.json"])
    cpSync(path.join(cli, part), path.join(home, part), { recursive: true });
  const modules = path.resolve(cli, "../../node_modules");
  symlinkSync(modules, path.join(folder, "node_modules"));
  return path.join(home, "bin/platformctl.js");
}

function platform(count: number): string {
  const root = path.join(folder, `platform-${count}`);
  mkdirSync(root);
  makePlatform(root, count);
  return root;
}

function timeOf({ name, args }: Contender): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return ms;
}

/** Starts it until what it finds is remembered, which nothing is that has just been written. */
function remembered(one: Contender): void {
  const answers = path.join(env.HOME, ".cache/platformctl/answers");
  const count = () => (existsSync(answers) ? readdirSync(answers).length : 0);
  const before = count();
  const isKept = one.budget !== undefined && one.budget > 8 && one.before === undefined;
  do timeOf(one);
  while (isKept && count() === before && !one.args.includes("--no-cache"));
}
