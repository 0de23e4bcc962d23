// Writes the generated files of the repository, or with --check says which are not up to date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { errorReference } from "./error-reference.ts";
import { jsonShapes } from "./json-shapes.ts";
import { moduleSchema } from "./module-schema.ts";
import { platformSchema } from "./platform-schema.ts";

const root = path.resolve(import.meta.dirname, "..");
const check = process.argv.includes("--check");

const generated: readonly { readonly file: string; readonly text: () => string | Promise<string> }[] = [
  { file: "docs/errors.md", text: errorReference },
  { file: "docs/cli-json.md", text: jsonShapes },
  { file: "packages/module/module.schema.json", text: moduleSchema },
  { file: "packages/platform/platform.schema.json", text: platformSchema },
];

let stale = 0;
for (const { file, text } of generated) {
  const absolute = path.join(root, file);
  const wanted = await text();
  if (wanted === existing(absolute)) continue;
  stale += 1;
  if (check) {
    console.error(`${file} is not up to date: run npm run generate`);
  } else {
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, wanted);
    console.log(`wrote ${file}`);
  }
}
if (check && stale > 0) process.exitCode = 1;

function existing(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
