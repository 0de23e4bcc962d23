import path from "node:path";
import type { Plugin } from "esbuild";
import { isOurs, src } from "./places.ts";

/** Packages that only a running platform uses, and nothing runs in the bundle. */
const leftOut = [
  "@electric-sql/pglite",
  "@fastify/ajv-compiler",
  "@grpc/grpc-js",
  "@opentelemetry/api",
  "birpc",
  "fastify",
  "kysely",
  "pg",
  "pino",
  "pino-pretty",
  "prom-client",
  "undici",
  "unplugin",
];

/** Marks what a plugin asks to be resolved, so that none of them takes it up again. */
const passed = Symbol("passed");

/** An import of a package that is left out can be made; using it is a mistake of the list above. */
export const leaveOut: Plugin = {
  name: "leave out",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${leftOut.join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `
        class Absent { constructor() { throw new Error(${JSON.stringify(`${path} is not part of the bundle`)}); } }
        module.exports = new Proxy({}, { get: (_, key) => (key === "__esModule" ? undefined : Absent) });`,
    }));
  },
};

const answers = path.join(src, "answers");

/** Whether what a file reads belongs to the answer of a command. */
function isTraced(file: string): boolean {
  return isOurs(file) && path.dirname(file) !== answers;
}

/** Our own packages read files through the trace. */
export const trace: Plugin = {
  name: "trace",
  setup({ onResolve }) {
    onResolve({ filter: /^node:fs$/ }, ({ importer }) =>
      isTraced(importer) ? { path: path.join(answers, "traced-fs.ts") } : undefined,
    );
  },
};

/** No work is done when one of our files is imported, so that a file of which nothing is used need not be there. */
export const withoutEffects: Plugin = {
  name: "without effects",
  setup(building) {
    building.onResolve({ filter: /^(@plinth\/|\.)/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === passed || !isOurs(importer)) return undefined;
      const found = await building.resolve(path, { importer, resolveDir, kind, pluginData: passed });
      return { ...found, sideEffects: false };
    });
  },
};

/** commander loads node:child_process for commands that are programs of their own, of which we have none. */
export const lazyProcesses: Plugin = {
  name: "lazy processes",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes(`${path.sep}commander${path.sep}`) ? { path: "none", namespace: "lazy-processes" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "lazy-processes" }, () => ({ contents: "export default {};" }));
  },
};

/** What is imported while a command runs goes to parts.cjs. */
export function parts(): { readonly plugin: Plugin; entry(): string } {
  const files = new Set<string>();
  const plugin: Plugin = {
    name: "parts",
    setup(building) {
      building.onResolve({ filter: /^(@plinth\/|\.)/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === passed || kind !== "dynamic-import" || !isOurs(importer)) return undefined;
        const found = await building.resolve(path, { importer, resolveDir, kind, pluginData: passed });
        // This one is in the program in any case.
        if (/[/\\]module[/\\]src[/\\]index\.ts$/.test(found.path)) return undefined;
        files.add(found.path);
        return { path: found.path, namespace: "part" };
      });
      building.onLoad({ filter: /.*/, namespace: "part" }, ({ path }) => ({
        contents: `module.exports = require("./parts.cjs")[${JSON.stringify(keyOf(path))}]();`,
      }));
    },
  };
  const line = (file: string) => `exports[${JSON.stringify(keyOf(file))}] = () => require(${JSON.stringify(file)});`;
  return { plugin, entry: () => [...files].sort().map(line).join("\n") };
}

function keyOf(file: string): string {
  return path.relative(src, file).split(path.sep).join("/");
}

/** Takes from program.cjs what there may be only one of. */
export const sharedWithProgram: Plugin = {
  name: "shared with the program",
  setup({ onResolve, onLoad }) {
    const shared = { module: /^@plinth\/module$/, commander: /^commander$/ };
    for (const [name, filter] of Object.entries(shared))
      onResolve({ filter }, () => ({ path: name, namespace: "shared" }));
    onResolve({ filter: /^node:fs$/ }, ({ importer }) =>
      isTraced(importer) ? { path: "traced", namespace: "shared" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
      contents: `module.exports = require("./program.cjs").shared.${path};`,
    }));
  },
};
