import { readFileSync } from "node:fs";
import path from "node:path";
import { type PlatformError, platformError } from "@plinth/module";
import { satisfies, validRange } from "semver";
import * as z from "zod";
import type { PluginFile } from "../files/plugin-file.ts";

const versions = z.record(z.string(), z.string()).optional();
const packageSchema = z.object({
  dependencies: versions,
  peerDependencies: versions,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).optional(),
});

/**
 * Whether all packages are there that a plugin's package.json names: dependencies in the plugin itself,
 * as nothing is installed beside it, and peer dependencies in the platform.
 *
 * @param root the platform's folder, absolute; packages are also found in the folders above it.
 */
export function checkPackages(plugin: string, files: readonly PluginFile[], root: string): readonly PlatformError[] {
  const file = files.find((each) => each.path === "package.json");
  if (file === undefined) return [];
  const read = parse(file.bytes.toString("utf8"));
  if (typeof read === "string") return [platformError("PLUGIN_PACKAGE_FILE", { reason: read })];
  const { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = read;
  const paths = new Set(files.map((each) => each.path));
  const missing = Object.keys(dependencies).filter((name) => !paths.has(`node_modules/${name}/package.json`));
  const unmet = Object.entries(peerDependencies).flatMap(([name, range]) => {
    const version = versionIn(root, name);
    if (version === undefined) return peerDependenciesMeta[name]?.optional === true ? [] : [`${name} ${range}`];
    const isMet = validRange(range) === null || satisfies(version, range, { includePrerelease: true });
    return isMet ? [] : [`${name} ${range} (${version} is there)`];
  });
  return [
    ...(missing.length === 0
      ? []
      : [platformError("PLUGIN_PACKAGES_MISSING", { plugin, packages: missing.join(", ") })]),
    ...(unmet.length === 0 ? [] : [platformError("PLUGIN_PEERS_MISSING", { plugin, packages: unmet.join(", ") })]),
  ];
}

function parse(text: string): z.output<typeof packageSchema> | string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return (error as Error).message;
  }
  const parsed = packageSchema.safeParse(data);
  return parsed.success ? parsed.data : `${parsed.error.issues[0]?.path.join(".") || "it"} has another form`;
}

/** The version of a package as code in this folder would find it. */
function versionIn(folder: string, name: string): string | undefined {
  for (let place = folder; ; place = path.dirname(place)) {
    try {
      const { version } = JSON.parse(readFileSync(path.join(place, "node_modules", name, "package.json"), "utf8"));
      return typeof version === "string" ? version : "0.0.0";
    } catch {
      // It is not here; perhaps further up.
    }
    if (path.dirname(place) === place) return undefined;
  }
}
