export { type ArchiveLimits, defaultLimits } from "./archive/limits.ts";
export { readArchive } from "./archive/read-archive.ts";
export { writeArchive } from "./archive/write-archive.ts";
export { checkFit } from "./examine/check-fit.ts";
export { type ExaminedPlugin, examinePlugin } from "./examine/examine-plugin.ts";
export { type FetchedPlugin, type FetchOptions, fetchPlugin } from "./fetch/fetch-plugin.ts";
export type { PluginFile } from "./files/plugin-file.ts";
export type { PluginsPlace } from "./install/change.ts";
export { checkReplaces, type Installed, type InstallOptions, installPlugin } from "./install/install-plugin.ts";
export { findPlugin, removePlugin } from "./install/remove-plugin.ts";
export { type RestoredPlugins, restorePlugins } from "./install/restore-plugins.ts";
export type { FileHashes } from "./integrity/content.ts";
export { type LockedPlugin, lockFileName, type PluginOrigin, type PluginsLock } from "./lock/plugins-lock.ts";
export { readLock } from "./lock/read-lock.ts";
export { type PackedPlugin, packPlugin } from "./pack.ts";
export { pluginsFolder } from "./plugins-folder.ts";
export { listRights, parseRights } from "./rights.ts";
export type { SignaturePolicy } from "./signature/judge-signature.ts";
export { generateKeys, type KeyPair, privateKeyOf, publicKeyOf } from "./signature/keys.ts";
export type { PluginModule } from "./source/plugin-module.ts";
export type { PluginSettings } from "./source/plugin-settings.ts";
export {
  type FoundPlugins,
  type PluginSource,
  type PluginSourceOptions,
  pluginSource,
} from "./source/plugin-source.ts";
export { type VerifiedPlugin, type VerifiedPlugins, verifyPlugins } from "./verify/verify-plugins.ts";
