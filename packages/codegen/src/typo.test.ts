import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { testFolder } from "./folder.fixture.ts";
import { generate } from "./generate.ts";
import { nearestRoot } from "./roots.ts";

const use = (lines: string) => `
import { defineModule, type ModuleDefinition } from "@plinth/module";
import { manifest, Permission } from "./module.gen.ts";
const check = (code: Permission): string => code;
const tickets: ModuleDefinition = defineModule(manifest, {
  setup({ config }) {
${lines}
  },
});
export default tickets;
`;

test("a typo in a permission or in a setting fails the compiler, at its line; the right names do not", () => {
  const folder = testFolder();
  folder.writeAll({
    "platform.yaml": "modules: [modules/*]\n",
    "modules/tickets/module.yaml":
      "name: tickets\nversion: 1.0.0\npermissions: { ticket.read: See tickets }\nconfig: { properties: { pageSize: { type: integer, default: 20 } } }\n",
    "modules/tickets/src/index.ts": use("    check(Permission.TicketRead);\n    config.pageSize.toFixed();"),
    "tsconfig.json": JSON.stringify({
      extends: "../../../../tsconfig.base.json",
      compilerOptions: { composite: false, incremental: false, noEmit: true },
      include: ["src", "modules"],
    }),
    "src/main.ts": `
import type { PermissionCode } from "./modules.gen.ts";
import { modules } from "./modules.gen.ts";
import { createPlatform } from "@plinth/platform";
export const platform = createPlatform({ modules });
export const code: PermissionCode = "tickets.ticket.read";
`,
  });
  expect(generate(nearestRoot(folder.path), { memory: false }).problems).toEqual([]);
  const compile = () => spawnSync("tsc", ["-p", folder.path], { cwd: folder.path, encoding: "utf8" }).stdout;
  expect(compile()).toBe("");

  folder.write(
    "modules/tickets/src/index.ts",
    use('    check(Permission.TicketRaed);\n    config.pageSzie.toFixed();\n    check("tickets.ticket.raed");'),
  );
  folder.write(
    "src/main.ts",
    'import type { PermissionCode } from "./modules.gen.ts";\nexport const code: PermissionCode = "tickets.ticket.raed";\n',
  );
  const told = compile();
  expect(told).toMatch(/index\.ts\(7,22\): error TS2551: .*'TicketRaed'.* Did you mean 'TicketRead'\?/);
  expect(told).toMatch(/index\.ts\(8,12\): error TS2551: .*'pageSzie'.* Did you mean 'pageSize'\?/);
  expect(told).toMatch(/index\.ts\(9,11\): error TS2345/);
  expect(told).toMatch(/main\.ts\(2,14\): error TS2/);
  expect(told.match(/error TS/g)).toHaveLength(4);
});
