import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Graph } from "../lib/random-graph.ts";

/** Forty lines that any module may have: a part of what loading costs is compiling it. */
const body = `
const limits = { pageSize: 20, longest: 200 };

export class Store {
  #rows = new Map();
  #next = 1;

  add(subject, body) {
    if (subject.trim() === "" || subject.length > limits.longest) throw new RangeError("no such subject");
    const row = { id: this.#next, subject, body, state: "open", openedAt: new Date() };
    this.#rows.set(row.id, row);
    this.#next += 1;
    return row;
  }

  close(id) {
    const row = this.#rows.get(id);
    if (row === undefined) return undefined;
    const closed = { ...row, state: "closed", closedAt: new Date() };
    this.#rows.set(id, closed);
    return closed;
  }

  page(after = 0) {
    const found = [];
    for (const row of this.#rows.values()) {
      if (row.id <= after) continue;
      found.push(row);
      if (found.length === limits.pageSize) break;
    }
    return { items: found, next: found.length === limits.pageSize ? found.at(-1).id : undefined };
  }
}
`;

const manifest = (name: string, needs: readonly string[]) => `name: ${name}
version: 1.0.0
description: One of many, which keeps rows in memory.
platform: ^1.0.0
dependencies:${needs.length === 0 ? " {}" : needs.map((need) => `\n  ${need}: ^1.0.0`).join("")}
timeouts: { start: 30s, stop: 10s }
`;

const plinthModule = (
  name: string,
  needs: readonly string[],
) => `import { defineModule, service } from "@plinth/module";
${body}
const needed = { ${needs.map((need) => `${need}: service("${need}.store")`).join(", ")} };

export default defineModule({
  requires: needed,
  provides: { store: service("${name}.store") },
  setup: () => ({ store: new Store() }),
});
`;

const fastifyPlugin = (name: string) => `${body}
export default async function ${name}(app) {
  app.decorate("${name}", new Store());
}
`;

const nestModule = (name: string, needs: readonly string[]) => `import { Module } from "@nestjs/common";
${needs.map((need) => `import { Nest as ${need} } from "./${need}.js";\n`).join("")}${body}
export class Nest {}
Module({ imports: [${needs.join(", ")}], providers: [{ provide: "${name}", useFactory: () => new Store() }] })(Nest);
`;

/** Writes the same modules in the form of each contender, and returns their names in the order of the graph. */
export function writeModules(folder: string, { needs }: Graph): readonly string[] {
  const names = needs.map((_, at) => `m${at}`);
  const write = (file: string, text: string) => {
    const place = path.join(folder, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  };
  for (const [at, name] of names.entries()) {
    const needed = needs[at]?.map((need) => names[need] as string) ?? [];
    write(`modules/${name}/module.yaml`, manifest(name, needed));
    write(`modules/${name}/index.js`, plinthModule(name, needed));
    write(`autoload/${name}/index.js`, fastifyPlugin(name));
    write(`nest/${name}.js`, nestModule(name, needed));
  }
  const listed = names.map((name, at) => {
    const needed = needs[at]?.map((need) => `m${need}: "^1.0.0"`) ?? [];
    const data = `{ name: "${name}", version: "1.0.0", platform: "^1.0.0", dependencies: { ${needed.join(", ")} } }`;
    return `{ manifest: ${data}, definition: ${name} }`;
  });
  const imports = names.map((name) => `import ${name} from "./modules/${name}/index.js";\n`).join("");
  write("list.js", `${imports}export const modules = [\n  ${listed.join(",\n  ")},\n];\n`);
  write("package.json", '{ "type": "module" }\n');
  return names;
}
