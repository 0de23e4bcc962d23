import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { installed, schema, slaFiles } from "../plugin.fixture.ts";
import { pluginSource } from "./plugin-source.ts";

const settings = { folder: "plugins", trustedKeys: [], signatures: "optional" } as const;

/** Looks again and again, as a new process would, while another process changes the plugins. */
async function lookWhile(args: readonly string[], root: string, look: (found: Found) => void): Promise<number> {
  const program = path.join(import.meta.dirname, "meanwhile-process.fixture.ts");
  const child = spawn(process.execPath, ["--conditions=plinth-source", program, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let code: number | null | undefined;
  child.once("exit", (ended) => {
    code = ended;
  });
  await once(child.stdout, "data");
  let looks = 0;
  while (code === undefined) {
    const source = pluginSource({ root, settings: () => settings, willRun: true, production: true });
    look(source.find(schema));
    source.close();
    looks += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(code).toBe(0);
  return looks;
}

type Found = ReturnType<ReturnType<typeof pluginSource>["find"]>;

it("what runs is what was checked, while somebody swaps a file all the time", async () => {
  const root = await installed();
  const counts = { taken: 0, refused: 0, evil: 0 };
  await lookWhile(["swap", root, "400"], root, ({ modules: [module], problems }) => {
    if (module === undefined) {
      counts.refused += 1;
      // At the moment of the look it was the other file, or none.
      expect(problems[0]?.message).toContain("index.js");
    } else {
      counts.taken += 1;
      const text = readFileSync(path.join(module.path, "index.js"), "utf8");
      if (text !== slaFiles()["index.js"]) counts.evil += 1;
    }
  });
  expect(counts).toEqual({ taken: expect.any(Number), refused: expect.any(Number), evil: 0 });
  expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(0);
  console.log(
    `a file swapped 800 times: ${counts.taken} looks took the right one, ${counts.refused} refused, 0 took the other`,
  );
}, 180_000);

it("whoever looks sees the old or the new plugin, whole, while versions are exchanged", async () => {
  const root = await installed();
  const versions = ["1.1.0", "1.0.0"].map((version) => JSON.stringify(slaFiles(version)));
  const seen: Record<string, number> = {};
  const looks = await lookWhile(["exchange", root, "40", ...versions], root, ({ modules, problems }) => {
    expect(problems.map(({ message }) => message)).toEqual([]);
    const version = modules[0]?.manifest.version ?? "none";
    seen[version] = (seen[version] ?? 0) + 1;
  });
  expect(Object.keys(seen).sort()).toEqual(["1.0.0", "1.1.0"]);
  console.log(`40 exchanges, ${looks} looks, no problem seen`);
}, 180_000);
