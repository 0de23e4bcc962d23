// Type-checks every TypeScript sample in the Markdown files. A sample that is only a part of a
// program says so: ```ts fragment
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, ".cache/docs-samples");
const pages = globSync(
  ["README.md", "CONTRIBUTING.md", "docs/**/*.md", "packages/*/README.md", "examples/*/README.md"],
  {
    cwd: root,
  },
).sort();

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const origins = new Map<string, string>();
let fragments = 0;
for (const page of pages) {
  const text = readFileSync(path.join(root, page), "utf8");
  for (const match of text.matchAll(/^```(?:ts|typescript)([^\n]*)\n(.*?)^```/gms)) {
    if (match[1]?.trim() === "fragment") {
      fragments += 1;
      continue;
    }
    const line = text.slice(0, match.index).split("\n").length + 1;
    const file = `${page.replace(/[^a-z0-9]+/gi, "-")}-${line}.ts`;
    origins.set(file, `${page}:${line}`);
    writeFileSync(path.join(folder, file), `${match[2]}\nexport {};\n`);
  }
}
writeFileSync(
  path.join(folder, "tsconfig.json"),
  JSON.stringify({
    extends: "../../tsconfig.base.json",
    compilerOptions: { composite: false, incremental: false, noEmit: true, rootDir: "../.." },
    include: ["*.ts"],
  }),
);
const { stdout, status } = spawnSync(path.join(root, "node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
for (const line of stdout.trim().split("\n").filter(Boolean)) {
  const found = /^(?:.*\/)?([^/(]+\.ts)\((\d+),(\d+)\): (.*)$/.exec(line);
  const [page = "", start = "0"] = (origins.get(found?.[1] ?? "") ?? "").split(":");
  console.error(found === null || page === "" ? line : `${page}:${Number(start) + Number(found[2]) - 1}: ${found[4]}`);
}
console.log(`${origins.size} samples on ${pages.length} pages type-checked, ${fragments} fragments left out`);
process.exitCode = status ?? 1;
