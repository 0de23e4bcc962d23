import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished } from "vitest";
import { folderWith } from "./command-line.fixture.ts";

/** A platform whose modules are packages: `identity` offers services, `tickets` depends on it. */
export const desk = {
  "platform.yaml": `# What belongs to the desk.
modules: ["modules/*"]

tickets: { pageSize: 5 }   # few at a time
`,
  "package.json": `${JSON.stringify(
    {
      name: "@desk/app",
      private: true,
      type: "module",
      workspaces: ["modules/*"],
      dependencies: { "@desk/identity": "1.0.0", "@desk/tickets": "1.0.0", "@plinth/platform": "0.1.0" },
    },
    null,
    2,
  )}\n`,
  "modules/identity/module.yaml": "name: identity\nversion: 1.2.0\n",
  "modules/identity/package.json": packageText("identity", { "@plinth/module": "^0.1.0" }),
  "modules/identity/src/contract.ts": `import { type ServiceRef, service } from "@plinth/module";
export interface Users { name(id: string): string }
export const Users: ServiceRef<Users> = service<Users>("identity.users");
`,
  "modules/identity/src/index.ts": `import { defineModule } from "@plinth/module";
import { Users } from "./contract.ts";
import { manifest } from "./module.gen.ts";
export default defineModule(manifest, { provides: { users: Users }, setup: () => ({ users: { name: (id) => id } }) });
`,
  "modules/tickets/module.yaml": `name: tickets
version: 1.0.0
dependencies:
  # Who opened it.
  'identity': { version: ^1.0.0 }   # any 1.x
permissions:
  ticket.read: See tickets
migrations: ./migrations
config:
  properties: { pageSize: { type: integer, default: 20 } }
`,
  "modules/tickets/package.json": packageText("tickets", { "@desk/identity": "1.0.0", "@plinth/module": "^0.1.0" }),
  "modules/tickets/migrations/0001_create_tickets.sql":
    "create table tickets (id int primary key, opener text not null);\n",
  "modules/tickets/src/index.ts": `import { Users } from "@desk/identity";
import { defineModule } from "@plinth/module";
import { manifest } from "./module.gen.ts";
export default defineModule(manifest, { requires: { users: Users }, setup() {} });
`,
};

function packageText(name: string, dependencies: Readonly<Record<string, string>>): string {
  const content = {
    name: `@desk/${name}`,
    version: "1.0.0",
    private: true,
    type: "module",
    exports: { ".": "./src/contract.ts", "./module": "./src/index.ts" },
    dependencies,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Writes the platform, with files more or others, into a folder that is gone when the test has ended. */
export function deskFolder(others: Readonly<Record<string, string>> = {}): string {
  return folderWith({ ...desk, ...others });
}

/** Where this repository is. */
export const repository = path.resolve(import.meta.dirname, "../../..");

/** Writes files into a folder of the repository, where code finds its packages; gone when the test has ended. */
export function folderInRepository(files: Readonly<Record<string, string>>): string {
  const parent = path.join(repository, ".cache");
  mkdirSync(parent, { recursive: true });
  const root = mkdtempSync(path.join(parent, "scaffold-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

/** Does for a module of the desk what npm install does for a package of a workspace. */
export function linkPackage(root: string, module: string): void {
  const link = path.join(root, "node_modules/@desk", module);
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(path.join("../../modules", module), link);
}

/** All files of a folder with their texts, but for what is installed: to see what a command has changed. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .filter((file) => !/(?:^|\/)(?:node_modules|\.git)\//.test(file));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(path.join(folder, file), "utf8")]));
}
