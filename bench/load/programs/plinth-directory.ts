// Manifests are found, read and checked, put in order, and the modules' code is imported from their folders.
import { createManifestSchema, createRegistry, directorySource } from "@plinth/kernel";
import { load } from "./plinth.ts";

const [root = "", count] = process.argv.slice(2);
const registry = createRegistry({ hostVersion: "1.0.0" });
const { modules, problems } = directorySource({ root, patterns: () => ["modules/*"] }).find(createManifestSchema([]));
if (problems.length > 0) throw problems[0];
for (const module of modules) registry.register(module);
await load(registry, Number(count));
