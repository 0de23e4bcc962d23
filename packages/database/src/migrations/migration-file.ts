import type { ModuleFile } from "@plinth/module";

/** One migration of a module, as its file has it. */
export interface MigrationFile {
  readonly module: string;
  /** From 1. */
  readonly number: number;
  /** The file's name, with its ending. */
  readonly name: string;
  /** Absolute, or for a file that is part of the program its path in the module's folder. */
  readonly path: string;
  /** Of the normalised text. */
  readonly checksum: string;
  /** The normalised text of an SQL file; `undefined` for a file of code, which is imported when it runs. */
  readonly sql: string | undefined;
  /** Imports a file of code that is part of the program; others are imported from `path`. */
  readonly load?: ModuleFile["load"];
  readonly mode: MigrationMode;
}

/**
 * `transaction`: the migration and its ledger row are one transaction. `bare`: each statement by
 * itself, and an interrupted run needs a person. `repeatable`: the same, but it may simply run again.
 */
export type MigrationMode = "transaction" | "bare" | "repeatable";

/** The migrations of one module, with what the order of the run needs to know of it. */
export interface ModuleMigrations {
  readonly module: string;
  /** `undefined` for a module that does not use the database; it may stand between two others that do. */
  readonly schema: string | undefined;
  /** Whether its failure ends the start of the whole platform. */
  readonly critical: boolean;
  /** The modules without which it cannot start. */
  readonly dependencies: readonly string[];
  /** By number, from 1 without gaps. Empty for a module that only uses the database. */
  readonly files: readonly MigrationFile[];
}

const fileName = /^(\d{4,9})_[a-z0-9]+(?:_[a-z0-9]+)*\.(sql|ts|js)$/;

/** The number in a migration's file name; `undefined` when the file is not named like one. */
export function numberOf(name: string): number | undefined {
  const digits = fileName.exec(name)?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** Files that may lie beside migrations without being one. */
export function isBystander(name: string): boolean {
  return name.startsWith(".") || /\.(md|map|d\.ts)$/.test(name);
}

/** Whether two names stand for the same code, before and after it was compiled. */
export function isCompiledFrom(one: string, other: string): boolean {
  const code = /\.(ts|js)$/;
  return one !== other && code.test(one) && one.replace(code, "") === other.replace(code, "");
}
