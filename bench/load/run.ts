// Loads 200 and 1,000 modules in fresh processes, by Plinth and by others, and prints ratios to bare imports.
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { interleaved } from "../lib/interleaved.ts";
import { randomGraph } from "../lib/random-graph.ts";
import { markdownTable, milliseconds, ratio } from "../lib/table.ts";
import { makePackages } from "./make-packages.ts";
import type { Measured } from "./measured.ts";
import { writeModules } from "./write-modules.ts";

const folders = ["import-all", "plinth-directory", "plinth-static", "autoload", "nest", "nest-lazy"] as const;
const bundles = ["bare-bundle", "plinth-bundled"] as const;
const names: Readonly<Record<string, string>> = {
  "import-all": "Promise.all(import())",
  "plinth-directory": "Plinth, folders",
  "plinth-static": "Plinth, compiled-in list",
  autoload: "@fastify/autoload",
  nest: "Nest",
  "nest-lazy": "Nest, LazyModuleLoader",
  "bare-bundle": "bare bundle",
  "plinth-bundled": "Plinth, bundled",
};

const cache = path.resolve(import.meta.dirname, "../.cache/load");

const packages = ["module", "kernel"];
/** A bundle is made of the sources; what is not used of them is not in it. */
const sources = Object.fromEntries(
  packages.map((name) => [`@plinth/${name}`, path.resolve(import.meta.dirname, `../../packages/${name}/src/index.ts`)]),
);

/** Writes so many modules, and the programs that load them; returns each program's arguments. */
async function prepare(count: number): Promise<Record<string, readonly string[]>> {
  const folder = path.join(cache, `${count}`);
  mkdirSync(folder, { recursive: true });
  const list = path.join(folder, "list.js");
  writeModules(folder, randomGraph(count));
  const program = async (name: string, isBundled: boolean) => {
    const outfile = path.join(folder, `${name}.mjs`);
    const source = name === "plinth-bundled" ? "plinth-static" : name;
    await build({
      entryPoints: [path.join(import.meta.dirname, `programs/${source}.ts`)],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      logLevel: "warning",
      alias: { "modules-list": list, ...(isBundled ? sources : {}) },
      ...(isBundled ? {} : { packages: "external", external: [list] }),
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    });
    return [outfile, folder, `${count}`] as const;
  };
  const made: Record<string, readonly string[]> = {};
  for (const name of folders) made[name] = await program(name, false);
  for (const name of bundles) made[name] = await program(name, true);
  return made;
}

export async function loadTable(sizes: readonly number[], rounds: number): Promise<string> {
  rmSync(cache, { recursive: true, force: true });
  await makePackages(cache, packages);
  const columns: { readonly count: number; readonly figures: Map<string, Measured[]> }[] = [];
  for (const count of sizes) columns.push({ count, figures: interleaved<Measured>(await prepare(count), rounds) });
  const least = (figures: Map<string, Measured[]>, name: string, what: keyof Measured) =>
    Math.min(...(figures.get(name) ?? []).map((each) => each[what] ?? Number.POSITIVE_INFINITY));
  /** What is part of the program cannot be told from its start, and is held against all of the others'. */
  const base = (name: string, what: keyof Measured): readonly [string, keyof Measured] => {
    if ((bundles as readonly string[]).includes(name)) return ["bare-bundle", what];
    return ["import-all", name === "plinth-static" ? "total" : what];
  };
  const cell = (figures: Map<string, Measured[]>, name: string, what: keyof Measured) => {
    const value = least(figures, name, what);
    const [baseName, baseWhat] = base(name, what);
    if (name === baseName) return milliseconds(value);
    return `${ratio(value, least(figures, baseName, baseWhat))} (${milliseconds(value)})`;
  };
  return [
    markdownTable(
      ["modules", ...sizes.flatMap((count) => [`${count}, process`, `${count}, loading alone`])],
      [...folders, ...bundles].map((name) => [
        names[name] ?? name,
        ...columns.flatMap(({ figures }) => [cell(figures, name, "total"), cell(figures, name, "loading")]),
      ]),
    ),
    "",
    "Process: from its start until all modules are there and, with Plinth, their manifests have been read and checked, their",
    "order is planned and their services are held against it. Loading alone: until their code is there; of a compiled-in list",
    "and of bundles, whose code comes with the program, from the start of the process, with Plinth's own code.",
    `Minimum of ${rounds} interleaved fresh processes.`,
    "",
    ...columns.map(({ count, figures }) => {
      const over = (what: keyof Measured) =>
        least(figures, "plinth-bundled", what) - least(figures, "bare-bundle", "total");
      const [own, all] = [over("loading"), over("total")];
      return `With ${count} modules Plinth's bundle takes ${milliseconds(all)} more than the bare one: ${milliseconds(own)} for its own code, ${milliseconds(all - own)} for checking, planning and wiring.`;
    }),
  ].join("\n");
}

if (import.meta.main) {
  const sizes = process.argv.slice(2).map(Number);
  console.log(await loadTable(sizes.length > 0 ? sizes : [200, 1000], 9));
}
