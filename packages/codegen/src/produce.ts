import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { resolveInside } from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";
import { replaceFile } from "./files/replace-file.ts";
import { headerStart } from "./source/header.ts";

/** A file as it should be. */
export interface Output {
  /** Absolute. */
  readonly file: string;
  /** The folder of the module or platform that the file belongs to, absolute; nothing is written outside of it. */
  readonly folder: string;
  readonly text: string;
}

/** A generated file, and what became of it. */
export interface GeneratedFile {
  /** Absolute. */
  readonly file: string;
  /** `stale`: it is not as it should be, and only a check was asked for. */
  readonly status: "unchanged" | "written" | "stale";
  /** Of a stale file: what it holds, `undefined` where there is none, and what it should. */
  readonly drift?: { readonly before: string | undefined; readonly after: string };
}

/**
 * Brings files up to date, or says with `isCheck` which are not. Nothing is written when one of them
 * must not be; a file that cannot be written does not keep the others from it.
 */
export function produce(
  outputs: readonly Output[],
  isCheck: boolean,
): { readonly files: readonly GeneratedFile[]; readonly problems: readonly PlatformError[] } {
  const compared = outputs.map((output) => ({ ...output, before: textOf(output.file) }));
  const stale = compared.filter(({ before, text }) => !isUpToDate(before, text));
  const refused = stale.flatMap(({ file, folder, before }) => refusal(file, folder, before));
  if (refused.length > 0) return { files: [], problems: refused };

  const staleFiles = new Set(stale.map(({ file }) => file));
  const problems = isCheck ? [] : stale.flatMap(({ file, text }) => write(file, text));
  const files = compared.map(({ file, text, before }): GeneratedFile => {
    if (!staleFiles.has(file)) return { file, status: "unchanged" };
    return isCheck ? { file, status: "stale", drift: { before, after: text } } : { file, status: "written" };
  });
  return { files, problems };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    // Whatever stands there, it is not the file that should.
    return "";
  }
}

/** Line ends may have been changed by a checkout on Windows. */
function isUpToDate(before: string | undefined, text: string): boolean {
  return before === text || (before?.includes("\r\n") === true && before.replaceAll("\r\n", "\n") === text);
}

function refusal(file: string, folder: string, before: string | undefined): PlatformError[] {
  const at = [{ file }];
  if (before !== undefined && before.trim() !== "" && !before.startsWith(headerStart)) {
    return [platformError("CODEGEN_FOREIGN", {}, { at })];
  }
  // What a link leads to is no business of ours, be it the file or a folder on the way.
  const isInside = resolvesInside(folder, path.relative(folder, file));
  return isInside ? [] : [platformError("CODEGEN_OUTSIDE", {}, { at })];
}

function resolvesInside(folder: string, relative: string): boolean {
  if (!existsSync(path.join(folder, path.dirname(relative)))) return true;
  try {
    resolveInside(folder, relative.split(path.sep).join("/"), { key: [] });
    return true;
  } catch {
    return false;
  }
}

function write(file: string, text: string): PlatformError[] {
  try {
    replaceFile(file, text);
    return [];
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    return [platformError("CODEGEN_WRITE", { reason: code ?? message }, { at: [{ file }], cause })];
  }
}
