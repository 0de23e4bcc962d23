import { execFile } from "node:child_process";
import { access, constants, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type AptSource, debianMirrors } from "./apt-sources.ts";

/** The consul program, or why there is none. */
export type ConsulBinary = { readonly path: string } | { readonly missing: string };

/** Where to look. */
export interface FindConsulOptions {
  /** Where an unpacked program is kept. Default: the folder `.cache` of the nearest project with a lock file. */
  readonly cacheFolder?: string;
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

const run = promisify(execFile);

/**
 * Finds consul: on the PATH, in the cache, or by unpacking Debian 11's package (1.8.7) into the cache from the
 * mirror that the machine's own apt uses. Nothing is installed. Never rejects: what is amiss comes back as `missing`.
 */
export async function findConsul(options: FindConsulOptions = {}): Promise<ConsulBinary> {
  const { env = process.env } = options;
  for (const folder of (env.PATH ?? "").split(path.delimiter)) {
    const candidate = path.join(folder, "consul");
    if (folder !== "" && (await isExecutable(candidate))) return { path: candidate };
  }
  const cache = path.join(options.cacheFolder ?? (await projectCache()), "consul");
  const cached = path.join(cache, "usr/bin/consul");
  if (await isExecutable(cached)) return { path: cached };
  try {
    await unpack(cache);
  } catch (error) {
    return { missing: `no consul on the PATH, and Debian's package could not be had: ${reasonOf(error)}` };
  }
  return (await isExecutable(cached)) ? { path: cached } : { missing: "Debian's package holds no consul" };
}

async function unpack(cache: string): Promise<void> {
  const mirrors = debianMirrors(await aptSources());
  if (mirrors.length === 0) throw new Error("the machine's apt sources name no mirror of Debian");
  await mkdir(path.dirname(cache), { recursive: true });
  // Test files run side by side: each unpacks into a folder of its own, and the first one's is kept.
  const work = await mkdtemp(path.join(path.dirname(cache), "consul-unpacking-"));
  try {
    const lines = mirrors.map(({ uri, signedBy }) => {
      const trust = signedBy === undefined ? "" : `[signed-by=${signedBy}] `;
      return `deb ${trust}${uri} bullseye main\n`;
    });
    await writeFile(path.join(work, "sources.list"), lines.join(""));
    await mkdir(path.join(work, "lists/partial"), { recursive: true });
    await mkdir(path.join(work, "archives/archives/partial"), { recursive: true });
    const apt = [
      ...["-o", `Dir::Etc::sourcelist=${path.join(work, "sources.list")}`, "-o", "Dir::Etc::sourceparts=-"],
      ...["-o", `Dir::State::lists=${path.join(work, "lists")}`, "-o", `Dir::Cache=${path.join(work, "archives")}`],
      ...["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=20", "-o", "APT::Sandbox::User="],
    ];
    await run("apt-get", [...apt, "update"], { cwd: work, timeout: 120_000 });
    await run("apt-get", [...apt, "download", "consul"], { cwd: work, timeout: 120_000 });
    const deb = (await readdir(work)).find((name) => name.endsWith(".deb"));
    if (deb === undefined) throw new Error("apt-get downloaded nothing");
    await run("dpkg", ["-x", deb, "content"], { cwd: work, timeout: 60_000 });
    await rename(path.join(work, "content"), cache).catch(async (error: unknown) => {
      if (!(await isExecutable(path.join(cache, "usr/bin/consul")))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function aptSources(): Promise<readonly AptSource[]> {
  const folder = "/etc/apt/sources.list.d";
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name)).sort();
  const files = ["/etc/apt/sources.list", ...names.map((name) => path.join(folder, name))];
  return await Promise.all(files.map(async (name) => ({ name, text: await readFile(name, "utf8").catch(() => "") })));
}

/** The cache of the project that the process works in: the nearest folder upwards with a lock file decides. */
async function projectCache(): Promise<string> {
  const start = process.cwd();
  for (let folder = start; ; folder = path.dirname(folder)) {
    const isProject = await access(path.join(folder, "package-lock.json")).then(
      () => true,
      () => false,
    );
    if (isProject) return path.join(folder, ".cache");
    if (folder === path.dirname(folder)) return path.join(start, ".cache");
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message?: string };
  const lines = `${stderr ?? ""}\n${message ?? String(error)}`.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, 2).join(" ").slice(0, 400);
}
