import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { RegisteredModule } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";

/** A migration that was written. */
export interface NewMigration {
  readonly number: number;
  /** Absolute. */
  readonly file: string;
}

const attempts = 40;
const pauseMs = 25;

const templates = {
  sql: (words: string) => `-- ${words}\n`,
  ts: (words: string) => `import type { MigrationContext } from "@plinth/database";

/** ${words} */
export default async function migrate({ query }: MigrationContext): Promise<void> {
  await query("");
}
`,
};

/**
 * Writes a migration with the number after the last one. The number is reserved by a hidden file that only
 * one process can create, and which becomes the migration by being renamed: so no number is given twice, and
 * no half-written migration is ever to be seen.
 *
 * @param name what it does; becomes a part of the file's name.
 * @throws PlatformError `COMMAND_MIGRATION_NAME`, `COMMAND_MIGRATION_SECTION` or `COMMAND_MIGRATION_RESERVED`.
 */
export async function newMigration(
  module: RegisteredModule,
  name: string,
  ending: keyof typeof templates,
): Promise<NewMigration> {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  if (slug === "" || slug.length > 100) throw platformError("COMMAND_MIGRATION_NAME", { name });
  const folder = folderOf(module);
  mkdirSync(folder, { recursive: true });
  let reserved = "";
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const number = lastNumber(folder) + 1;
    const digits = String(number).padStart(4, "0");
    reserved = path.join(folder, `.${digits}.new`);
    if (!reserve(reserved, templates[ending](sentence(name)))) {
      await pause(pauseMs);
      continue;
    }
    // Somebody else may have had the number, and have been done with it, in between.
    if (lastNumber(folder) >= number) {
      rmSync(reserved);
      continue;
    }
    const file = path.join(folder, `${digits}_${slug}.${ending}`);
    renameSync(reserved, file);
    return { number, file };
  }
  throw platformError("COMMAND_MIGRATION_RESERVED", { file: reserved }, { at: [{ file: reserved }] });
}

function folderOf({ manifest, path: root }: RegisteredModule): string {
  const { name, file, sections } = manifest;
  const folder = sections.migrations;
  if (typeof folder === "string" && root !== undefined) return path.join(root, folder);
  throw sectionMissing(name, file);
}

function sectionMissing(module: string, file: string | undefined): PlatformError {
  const fix =
    file === undefined
      ? "Name a module that has a folder of its own."
      : 'Add the line "migrations: ./migrations" to its manifest, and call this again.';
  return platformError("COMMAND_MIGRATION_SECTION", { module, fix }, { at: file === undefined ? [] : [{ file }] });
}

function lastNumber(folder: string): number {
  return Math.max(0, ...readdirSync(folder).map((file) => Number(/^(\d{4,9})_/.exec(file)?.[1] ?? 0)));
}

/** Whether the file was created, with all of its text. */
function reserve(file: string, text: string): boolean {
  let opened: number;
  try {
    opened = openSync(file, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(opened, text);
  } finally {
    closeSync(opened);
  }
  return true;
}

function sentence(name: string): string {
  const words = name
    .replaceAll(/[\s_]+/g, " ")
    .replaceAll("*/", "")
    .trim();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
