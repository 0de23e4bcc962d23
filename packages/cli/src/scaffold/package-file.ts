import { readFileSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";

/** The parts of a package.json that matter to us. */
export interface PackageContent {
  readonly name?: string;
  readonly version?: string;
  readonly workspaces?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package.json that was read. */
export interface PackageFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  readonly content: PackageContent;
}

/**
 * Reads the package.json of a folder; `undefined` where there is none.
 *
 * @throws PlatformError `SCAFFOLD_UNREADABLE` when it is no JSON.
 */
export function readPackageFile(folder: string): PackageFile | undefined {
  const file = path.join(folder, "package.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    const content: unknown = JSON.parse(text);
    return { file, text, content: typeof content === "object" && content !== null ? content : {} };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw platformError("SCAFFOLD_UNREADABLE", { file, reason }, { at: [{ file }], cause });
  }
}

/** The text of a package.json with a dependency more, in the order of their names; indented as it was. */
export function withDependency({ text, content }: PackageFile, name: string, range: string): string {
  const dependencies = Object.entries({ ...content.dependencies, [name]: range });
  return written(text, {
    ...content,
    dependencies: Object.fromEntries(dependencies.sort(([a], [b]) => (a < b ? -1 : 1))),
  });
}

/** The text of a package.json without a dependency; as it was where it has none of that name. */
export function withoutDependency({ text, content }: PackageFile, name: string): string {
  const kept = { ...content };
  let isChanged = false;
  for (const key of ["dependencies", "devDependencies"] as const) {
    const { [name]: dropped, ...others } = content[key] ?? {};
    if (dropped === undefined) continue;
    isChanged = true;
    Object.assign(kept, { [key]: others });
  }
  return isChanged ? written(text, kept) : text;
}

function written(before: string, content: PackageContent): string {
  const indentation = /^[ \t]+/m.exec(before)?.[0] ?? "  ";
  return `${JSON.stringify(content, null, indentation)}${before.endsWith("\n") ? "\n" : ""}`;
}
