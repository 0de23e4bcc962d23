// The limit: the files are known, and nothing but imported, side by side; what all of them import is there already.
import "@plinth/module";
import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { tell } from "../measured.ts";

const [folder = "", count] = process.argv.slice(2);
const modules = path.join(folder, "modules");
const begun = performance.now();
const loaded = await Promise.all(
  readdirSync(modules).map((name) => import(pathToFileURL(path.join(modules, name, "index.js")).href)),
);
tell(
  loaded.filter(({ default: definition }) => definition !== undefined).length,
  Number(count),
  performance.now() - begun,
);
