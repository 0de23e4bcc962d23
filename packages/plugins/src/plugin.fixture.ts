import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createManifestSchema } from "@plinth/kernel";
import { noRights, problemsOf } from "@plinth/module";
import { onTestFinished } from "vitest";
import { type ExaminedPlugin, examinePlugin } from "./examine/examine-plugin.ts";
import type { PluginFile } from "./files/plugin-file.ts";
import { type InstallOptions, installPlugin } from "./install/install-plugin.ts";
import type { SignaturePolicy } from "./signature/judge-signature.ts";

/** A schema without sections. */
export const schema = createManifestSchema();

/** Who trusts nobody and asks for no signature. */
export const anybody: SignaturePolicy = { trustedKeys: [], signatures: "optional" };

/** An empty folder that is gone when the test has ended. */
export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-plugins-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by path, with the folders that they need. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** The files of a small plugin. */
export function slaFiles(version = "1.0.0", more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    "module.yaml": `name: sla\nversion: ${version}\nmain: index.js\n`,
    "index.js": `export const version = "${version}";\n`,
    "lib/deadline.js": "export const deadline = 3_600_000;\n",
    "migrations/0001_create_deadlines.sql": "create table deadlines (id int);\n",
    ...more,
  };
}

/** Files in memory. */
export function asFiles(files: Readonly<Record<string, string>>): readonly PluginFile[] {
  return Object.entries(files).map(([name, text]) => ({ path: name, bytes: Buffer.from(text) }));
}

/** A plugin with these files, as if it had come from a folder. */
export function examined(files: Readonly<Record<string, string>>, policy: SignaturePolicy = anybody): ExaminedPlugin {
  const fetched = { files: asFiles(files), origin: { kind: "folder", given: "../sla" }, place: "/sla" } as const;
  return examinePlugin(fetched, schema, "/", policy);
}

/** Installs these files, into a new platform unless one is given; the platform's folder. */
export async function installed(
  files: Readonly<Record<string, string>> = slaFiles(),
  options: Partial<InstallOptions> & { readonly policy?: SignaturePolicy } = {},
): Promise<string> {
  const root = options.root ?? emptyFolder();
  const plugin = examined(files, options.policy);
  await installPlugin(plugin, { folder: "plugins", rights: noRights, ...options, root });
  return root;
}

/** `CODE: message` of each problem that the work ends with; empty when it ends well. */
export async function refusalOf(work: () => unknown): Promise<readonly string[]> {
  try {
    await work();
    return [];
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length === 0) throw thrown;
    return problems.map(({ code, message }) => `${code}: ${message}`);
  }
}
