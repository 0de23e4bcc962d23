import { dependencyImport } from "./module-code.ts";
import type { ModulePlan } from "./module-plan.ts";
import { importLines, paragraphs } from "./source-text.ts";

/** The test of a new module: it is started with what it needs, and used. */
export function testSource(plan: ModulePlan): string {
  const { name, database, http, dependencies } = plan;
  const isAlone = dependencies.length === 0;
  const standIns = dependencies.map(({ version, service: { alias } }) => {
    const rest = version === "1.0.0" ? "" : `, "${version}"`;
    return `standIn(${alias}, {} as ServiceOf<typeof ${alias}>${rest})`;
  });
  const entry = database ? "{ definition: entriesModule, folder }" : "entriesModule";
  const options = (modules: string) => `{ modules: [${modules}]${isAlone ? "" : ", standIns"} }`;
  return paragraphs(
    importLines([
      ...(database ? [{ specifier: "node:path", names: ["resolve"] }] : []),
      { specifier: "@plinth/testing", names: [...(isAlone ? [] : ["standIn"]), "startTestPlatform"] },
      { specifier: "vitest", names: ["expect", "test"] },
      ...(http
        ? [
            { specifier: "@plinth/http", names: ["Http", "HttpDirectory"] },
            { specifier: "@plinth/module", names: ["defineModule", ...(isAlone ? [] : ["type ServiceOf"])] },
            { specifier: "@plinth/permissions", names: ["Permissions"] },
          ]
        : isAlone
          ? []
          : [{ specifier: "@plinth/module", names: ["ServiceOf"], isType: true }]),
      ...dependencies.map(dependencyImport),
      { specifier: "./contract.ts", names: ["Entries"] },
    ]).replace(/\n$/, `\nimport entriesModule from "./index.ts";\n`),
    database ? `const folder = resolve(import.meta.dirname, "..");` : "",
    isAlone ? "" : `const standIns = [${standIns.join(", ")}];`,
    `test("what is added is listed", async () => {
  await using running = await startTestPlatform(${options(entry)});
  const entries = running.service(Entries);
  const added = await entries.add("the first");
  expect(await entries.list()).toEqual([added]);
});`,
    http ? routeTests(name, options(`${entry}, everybody`), options(entry)) : "",
  );
}

function routeTests(name: string, withEverybody: string, without: string): string {
  return `/** Signs every request in, as somebody who may do everything. */
const everybody = defineModule(
  { name: "everybody", version: "1.0.0" },
  {
    requires: { http: Http, permissions: Permissions },
    setup({ http, permissions }) {
      http.authenticate(() => ({ id: "somebody" }));
      permissions.useAuthorizer({ can: () => true });
    },
  },
);

test("whoever has the permissions adds and reads over HTTP", async () => {
  await using running = await startTestPlatform(${withEverybody});
  const url = \`\${running.service(HttpDirectory).address()?.url}/${name}\`;
  const headers = { "content-type": "application/json" };
  const added = await fetch(url, { method: "POST", headers, body: JSON.stringify({ text: "the first" }) });
  expect(added.status).toBe(201);
  expect(await (await fetch(url)).json()).toEqual({ items: [await added.json()] });
});

test("nobody else does", async () => {
  await using running = await startTestPlatform(${without});
  const url = \`\${running.service(HttpDirectory).address()?.url}/${name}\`;
  expect((await fetch(url)).status).toBe(401);
});`;
}
