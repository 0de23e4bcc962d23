import { existsSync, globSync, statSync } from "node:fs";
import path from "node:path";
import {
  findManifests,
  flawErrors,
  manifestFileName,
  parseYaml,
  positionAt,
  positionOf,
  readText,
} from "@plinth/kernel";
import { type PlatformError, platformError } from "@plinth/module";

/** The name of the file that makes a folder a platform. */
export const platformFileName = "platform.yaml";

/** What sources are generated for: the modules of a platform, or a single module in a folder of its own. */
export interface Root {
  /** Absolute. */
  readonly folder: string;
  readonly kind: "platform" | "module";
}

/**
 * The roots that arguments name: folders, and patterns of folders such as `apps/*`, each root once
 * and in order.
 *
 * @param from the folder that arguments are relative to, absolute.
 * @throws PlatformError `CODEGEN_NO_ROOT` or `CODEGEN_NO_MATCH`.
 */
export function findRoots(from: string, args: readonly string[]): readonly Root[] {
  const roots = new Map<string, Root>();
  for (const arg of args) {
    const exact = path.resolve(from, arg);
    const isPattern = /[*?[{]/.test(arg) && !existsSync(exact);
    const folders = isPattern ? globSync(arg, { cwd: from }).map((found) => path.resolve(from, found)) : [exact];
    const found = folders.flatMap((folder) => rootAt(folder) ?? []);
    if (found.length === 0) {
      throw isPattern
        ? platformError("CODEGEN_NO_MATCH", { pattern: arg })
        : platformError("CODEGEN_NO_ROOT", { folder: exact });
    }
    for (const root of found.sort((a, b) => (a.folder < b.folder ? -1 : 1))) roots.set(root.folder, root);
  }
  return [...roots.values()];
}

/**
 * The root that `from` lies in: the nearest platform upwards, else the nearest module.
 *
 * @throws PlatformError `CODEGEN_NO_ROOT`.
 */
export function nearestRoot(from: string): Root {
  const start = path.resolve(from);
  let nearestModule: Root | undefined;
  for (let folder = start; ; folder = path.dirname(folder)) {
    const root = rootAt(folder);
    if (root?.kind === "platform") return root;
    nearestModule ??= root;
    if (path.dirname(folder) !== folder) continue;
    if (nearestModule === undefined) throw platformError("CODEGEN_NO_ROOT", { folder: start });
    return nearestModule;
  }
}

function rootAt(folder: string): Root | undefined {
  const holds = (name: string) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile() === true;
  if (holds(platformFileName)) return { folder, kind: "platform" };
  return holds(manifestFileName) ? { folder, kind: "module" } : undefined;
}

/** The manifests of a root. */
export interface RootManifests {
  /** Absolute and sorted. */
  readonly files: readonly string[];
  /** The patterns of platform.yaml by which they were found. */
  readonly patterns: readonly string[];
  readonly problems: readonly PlatformError[];
}

/** Finds the manifests of a root. Only platform.yaml counts: overrides must not change what is generated. */
export function manifestsOf({ folder, kind }: Root): RootManifests {
  if (kind === "module") return { files: [path.join(folder, manifestFileName)], patterns: [], problems: [] };
  const file = path.join(folder, platformFileName);
  const text = readText(file);
  if (typeof text !== "string") return { files: [], patterns: [], problems: [text] };
  const document = parseYaml(text);
  if ("reason" in document) {
    const { reason, mend, offset } = document;
    const at = [{ file, ...positionAt(text, offset) }];
    return { files: [], patterns: [], problems: [platformError("MANIFEST_SYNTAX", { reason, mend }, { at })] };
  }
  const place = (at: readonly (string | number)[]) => ({ file, ...positionOf(document, at, "value") });
  const problems = flawErrors(file, document);
  const patterns = patternsIn(document.value, folder);
  if (patterns === undefined) {
    problems.push(platformError("CODEGEN_MODULES", {}, { at: [place(["modules"])] }));
    return { files: [], patterns: [], problems };
  }
  const found = findManifests(folder, patterns, (index) => place(["modules", index]));
  return { files: found.files, patterns, problems: [...problems, ...found.problems] };
}

const defaultPattern = "modules/*";

function patternsIn(value: unknown, folder: string): readonly string[] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value === null || value === undefined ? defaultPatterns(folder) : undefined;
  }
  const { modules } = value as { readonly modules?: unknown };
  if (modules === undefined || modules === null) return defaultPatterns(folder);
  const isList = Array.isArray(modules) && modules.every((each) => typeof each === "string");
  return isList ? modules : undefined;
}

function defaultPatterns(folder: string): readonly string[] {
  return existsSync(path.join(folder, path.dirname(defaultPattern))) ? [defaultPattern] : [];
}
