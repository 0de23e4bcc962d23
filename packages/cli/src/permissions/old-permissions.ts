import path from "node:path";
import { manifestFileName, parseYaml } from "@plinth/kernel";
import { type Manifest, type ModuleFacts, type PlatformError, platformError } from "@plinth/module";
import {
  collectPermissions,
  type PermissionMap,
  type PermissionsSection,
  permissionsSection,
} from "@plinth/permissions";
import type { GitTree } from "./git-tree.ts";

/** What a platform declared at an earlier commit. */
export interface OldPermissions {
  readonly permissions: PermissionMap;
  /** Manifests that cannot be read. */
  readonly problems: readonly PlatformError[];
}

/**
 * Reads the permissions that the modules of a platform declared, in the folders that its platform.yaml
 * named then. Of a manifest only name, version and permissions are looked at, so that one that would
 * not be accepted any more for another reason can still be compared.
 *
 * @param ref for messages: places are `<ref>:<path>`.
 */
export async function oldPermissions(tree: GitTree, ref: string): Promise<OldPermissions> {
  const patterns = await patternsOf(tree);
  const manifests = tree.files.filter(
    (file) =>
      path.posix.basename(file) === manifestFileName && patterns.some((each) => isIn(path.posix.dirname(file), each)),
  );
  const texts = await tree.read(manifests);
  const problems: PlatformError[] = [];
  const facts = manifests.flatMap((file, index) => {
    const place = `${ref}:${file}`;
    const read = readManifest(texts[index] ?? "", place);
    if (typeof read !== "string") return [read];
    problems.push(platformError("PERMISSION_OLD_MANIFEST", { reason: read }, { at: [{ file: place }] }));
    return [];
  });
  return { permissions: collectPermissions(facts, (file) => ({ file })).permissions, problems };
}

/** The patterns of module folders in platform.yaml, from the top of the repository; none where there was no platform. */
async function patternsOf({ files, folder, read }: GitTree): Promise<readonly (readonly string[])[]> {
  const file = `${folder}platform.yaml`;
  if (!files.includes(file)) return [];
  const [text = ""] = await read([file]);
  const { modules } = valuesOf(text) ?? {};
  const patterns = Array.isArray(modules) ? modules.filter((pattern) => typeof pattern === "string") : [];
  return patterns.map((pattern) => path.posix.normalize(`${folder}${pattern}`).replace(/\/$/, "").split("/"));
}

/** By the rules for folders of modules: a `*` stands for any run of characters of one name. */
function isIn(folder: string, pattern: readonly string[]): boolean {
  const parts = folder.split("/");
  return parts.length === pattern.length && parts.every((part, index) => fitsPart(part, pattern[index] ?? ""));
}

function fitsPart(name: string, pattern: string): boolean {
  const [before = "", after] = pattern.split("*");
  if (after === undefined) return name === pattern;
  if (name === "node_modules" || (name.startsWith(".") && !before.startsWith("."))) return false;
  return name.length >= pattern.length - 1 && name.startsWith(before) && name.endsWith(after);
}

function readManifest(text: string, file: string): ModuleFacts<PermissionsSection> | string {
  const values = valuesOf(text);
  if (values === undefined) return "it is not YAML with keys and values";
  const { name, version, permissions = {} } = values;
  if (typeof name !== "string" || typeof version !== "string") return "it has no name or no version";
  const checked = permissionsSection["~standard"].validate(permissions);
  if (!("value" in checked)) return "its permissions are not accepted";
  const manifest = { name, version, file } as Manifest;
  const section = checked.value;
  return { name, version, source: "directory", manifest, path: undefined, section, definition: undefined };
}

function valuesOf(text: string): Readonly<Record<string, unknown>> | undefined {
  const document = parseYaml(text);
  if ("reason" in document || typeof document.value !== "object" || document.value === null) return undefined;
  return document.value as Readonly<Record<string, unknown>>;
}
