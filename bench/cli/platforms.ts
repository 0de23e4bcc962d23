import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Writes a platform whose modules have manifests, migrations, settings, and code that imports from up to three others. */
export function makePlatform(root: string, count: number): void {
  mkdirSync(path.join(root, "node_modules/@bench"), { recursive: true });
  writeFileSync(path.join(root, "platform.yaml"), "name: bench\nmodules: [modules/*]\nmodule-1: { pageSize: 5 }\n");
  for (let index = 0; index < count; index += 1) {
    const needs = [...new Set([index - 1, Math.floor(index / 2), Math.floor(index / 3)])];
    writeModule(
      root,
      index,
      needs.filter((need) => need >= 0 && need < index),
    );
  }
}

function writeModule(root: string, index: number, needs: readonly number[]): void {
  const name = `module-${index}`;
  const folder = path.join(root, "modules", name);
  mkdirSync(path.join(folder, "src"), { recursive: true });
  mkdirSync(path.join(folder, "migrations"));
  const dependencies = needs.map((need) => `  module-${need}: ^1.0.0\n`).join("");
  const files = {
    "module.yaml": `name: ${name}
version: 1.4.0
description: Support tickets and their replies, number ${index}.
${dependencies === "" ? "" : `dependencies:\n${dependencies}`}permissions:
  ticket.open: { description: Open a ticket, since: 1.2.0 }
migrations: ./migrations
http: { prefix: /tickets-${index} }
config:
  properties:
    pageSize: { type: integer, minimum: 1, default: 20, description: Tickets on a page. }
    suggestions: { type: integer, minimum: 0, default: 3 }
`,
    "package.json": JSON.stringify({ name: `@bench/${name}`, type: "module", exports: "./src/index.ts" }),
    "migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
    "src/index.ts": `import { defineModule } from "@plinth/module";
import { help } from "./help.ts";
${needs.map((need) => `import { thing as thing${need} } from "@bench/module-${need}";\n`).join("")}
export const thing = [help${needs.map((need) => `, thing${need}`).join("")}];
export default defineModule({ name: "${name}", version: "1.4.0" }, {
  setup: ({ http }) => http.post("/", { permission: "${name}.ticket.open" }, () => thing),
});
`,
    "src/help.ts": `import path from "node:path";\n\n/** Help. */\nexport function help(name: string): string {\n  return path.join(name, "x");\n}\n${"// A line.\n".repeat(40)}`,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  symlinkSync(path.join("../../modules", name), path.join(root, "node_modules/@bench", name));
}
