import path from "node:path";
import { type LockedPlugin, listRights, pluginsFolder, type VerifiedPlugin } from "@plinth/plugins";
import type { OutputValue } from "../output/shapes/shapes.ts";
import type { PluginPlatform } from "./plugin-platform.ts";

/** A plugin as `--json` shows it. */
export type ShownPlugin = OutputValue<"plugins list">["plugins"][number];

/** An installed plugin, with what a look at its files has found. */
export function shownPlugin(verified: VerifiedPlugin, platform: PluginPlatform): ShownPlugin {
  const { plugin, isTrusted, problems } = verified;
  const tampered = problems.some(({ code }) => /^PLUGIN_(?:FILE|FOLDER)_/.test(code));
  return {
    name: plugin.name,
    version: plugin.version,
    state: problems.length === 0 ? "ok" : tampered ? "tampered" : "refused",
    runsIn: platform.runsIn(plugin.name),
    rights: listRights(plugin.rights),
    signedBy: plugin.signedBy ?? null,
    trusted: isTrusted,
    integrity: plugin.integrity,
    source: { kind: plugin.source.kind, given: plugin.source.given, resolved: plugin.source.resolved ?? null },
    folder: folderOf(plugin, platform),
  };
}

function folderOf({ folder }: LockedPlugin, { place }: PluginPlatform): string {
  return path.join(pluginsFolder(place.root, place.folder), folder);
}

/** The signature of a plugin in a word or two. */
export function signatureText({ signedBy, trusted }: Pick<ShownPlugin, "signedBy" | "trusted">): string {
  if (signedBy === null) return "not signed";
  return `${signedBy.slice(0, 12)}...${trusted ? "" : " (not trusted)"}`;
}
