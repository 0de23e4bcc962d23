import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { formatProblem } from "@plinth/module";
import { expect, it } from "vitest";
import { readArchive } from "../archive/read-archive.ts";
import { packPlugin } from "../pack.ts";
import { asFiles, installed, schema, slaFiles } from "../plugin.fixture.ts";
import { randomFrom } from "../random.fixture.ts";
import { generateKeys, privateKeyOf } from "../signature/keys.ts";
import { pluginSource } from "./plugin-source.ts";
import { tampers } from "./tampering.fixture.ts";

const cases = 10_000;
const seed = 20_261_122;

it(`refuses ${cases} random tamperings with an installed plugin, each by name, before anything is imported`, {
  timeout: 300_000,
}, async () => {
  const { publicKey, privateKey } = generateKeys();
  const plain = slaFiles("1.0.0", {
    "package.json": '{ "name": "sla", "version": "1.0.0", "type": "module" }\n',
    "lib/hours/business.js": "export const hours = [9, 17];\n",
    "node_modules/left-pad/package.json": '{ "name": "left-pad", "version": "1.0.0" }\n',
  });
  const fetched = { files: asFiles(plain), origin: { kind: "folder", given: "." }, place: "/sla" } as const;
  const { archive, files } = packPlugin(fetched, schema, privateKeyOf(privateKey, "key.pem"));
  const signed = Object.fromEntries(readArchive(archive, "sla.tgz").map((file) => [file.path, file.bytes.toString()]));
  const root = await installed(signed);
  const target = { root, folder: path.join(root, "plugins/sla@1.0.0"), files };
  const settings = { folder: "plugins", trustedKeys: [publicKey], signatures: "required" } as const;
  const find = (willRun: boolean) => {
    const source = pluginSource({ root, settings: () => settings, willRun, production: true });
    const found = source.find(schema);
    const copies = path.join(root, ".data/plugins");
    const laidDown = existsSync(copies)
      ? readdirSync(copies, { recursive: true }).filter((name) => String(name).endsWith(".js"))
      : [];
    source.close();
    return { ...found, laidDown };
  };
  const untouched = () => expect(find(true)).toMatchObject({ modules: [{ manifest: { name: "sla" } }], problems: [] });

  untouched();
  const random = randomFrom(seed);
  const counts: Record<string, number> = {};
  const passed: string[] = [];
  for (let index = 0; index < cases; index += 1) {
    const kind = random.pick(Object.keys(tampers));
    const { names, undo } = tampers[kind]?.(target, random) ?? { names: "", undo: () => {} };
    const { modules, problems, laidDown } = find(index % 50 === 0);
    const isNamed = problems.some((problem) => formatProblem(problem).includes(names));
    // What was put beside a plugin leaves the plugin as it is; the platform does not start all the same.
    const isTaken = (modules.length > 0 || laidDown.length > 0) && kind !== "another plugin beside";
    if (isTaken || problems.length === 0 || !isNamed) {
      passed.push(`${index}: ${kind} of ${names}: ${problems.map(formatProblem).join("; ")}`);
    }
    undo();
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (index % 1000 === 999) untouched();
  }
  expect(passed).toEqual([]);
  expect(Object.keys(counts)).toHaveLength(Object.keys(tampers).length);
  console.log(`${cases} tamperings of ${Object.keys(counts).length} kinds refused by name, seed ${seed}`);
});
