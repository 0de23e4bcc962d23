import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Files by path, below a folder of a test's own. It lies in this package, so that modules find the workspace's packages. */
export function platformFolder(files: Readonly<Record<string, string>>): Disposable & { readonly root: string } {
  const base = path.join(import.meta.dirname, "../.cache");
  mkdirSync(base, { recursive: true });
  const root = realpathSync(mkdtempSync(path.join(base, "test-")));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** The files of a module. @param setup the body of its `setup`; `imports` stands before everything. */
export function moduleFiles(
  name: string,
  setup: string,
  { imports = "", manifest = "", requires = "" } = {},
): Readonly<Record<string, string>> {
  return {
    [`modules/${name}/module.yaml`]: `name: ${name}\nversion: 1.0.0\n${manifest}`,
    [`modules/${name}/src/index.ts`]: `import { defineModule } from "@plinth/module";
${imports}
export default defineModule({ ${requires} setup({ lifecycle, ...services }) {
${setup}
} });
`,
  };
}
