import type { Rights } from "@plinth/module";
import * as z from "zod";
import { pathFlaw } from "../files/path-flaw.ts";
import type { FileHashes } from "../integrity/content.ts";
import { integrityOf, integrityPattern } from "../integrity/integrity.ts";
import { rightsSchema } from "../rights.ts";

/** The file beside platform.yaml that says which plugins are installed. */
export const lockFileName = "plugins.lock";

/** The format that this version writes. */
export const lockFormat = 1;

/** Where a plugin came from. */
export interface PluginOrigin {
  readonly kind: "folder" | "archive" | "npm";
  /** As it was given; a path is relative to the platform's root, with `/`. */
  readonly given: string;
  /** The package that npm chose, as `name@version`. */
  readonly resolved?: string;
  /** The hash of the archive. */
  readonly integrity?: string;
}

/** A plugin as plugins.lock holds it. */
export interface LockedPlugin {
  readonly name: string;
  readonly version: string;
  readonly source: PluginOrigin;
  /** The name of its folder in the folder of plugins: `NAME@VERSION`, with a mark where that was taken. */
  readonly folder: string;
  /** Of all files but the signature. */
  readonly integrity: string;
  /** The public key of its signature, base64. */
  readonly signedBy?: string;
  /** What it may do in a process of its own, as somebody has granted it. */
  readonly rights: Rights;
  /** Each file's hash, the signature's too. */
  readonly files: FileHashes;
}

/** All installed plugins, sorted by name. */
export interface PluginsLock {
  readonly plugins: readonly LockedPlugin[];
}

const integrity = z.string().regex(integrityPattern);
const key = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const filePath = z.string().refine((path) => pathFlaw(path) === undefined);

/** An entry of the file: the plugin without its name, which is the entry's key, and with the hash of all that. */
const entrySchema = z.strictObject({
  version: z.string().min(1).max(256),
  source: z.strictObject({
    kind: z.enum(["folder", "archive", "npm"]),
    given: z.string(),
    resolved: z.string().optional(),
    integrity: integrity.optional(),
  }),
  folder: z.string().regex(/^[a-z][a-z0-9-]*@[0-9A-Za-z.+_-]+$/),
  integrity,
  signedBy: key.optional(),
  rights: rightsSchema,
  files: z.record(filePath, integrity),
  checksum: integrity,
});

/** The shape of the file. */
export const lockSchema = z.strictObject({
  format: z.literal(lockFormat),
  plugins: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/), entrySchema),
});

/** An entry as it stands in the file. */
export type LockEntry = z.output<typeof entrySchema>;

/** The hash of an entry, over everything in it in a set order. */
export function checksumOf(plugin: LockedPlugin): string {
  return integrityOf(JSON.stringify(withoutChecksum(plugin)));
}

/** The entry of a plugin with its keys in a set order. */
export function entryOf(plugin: LockedPlugin): Omit<LockEntry, "checksum"> & { readonly checksum: string } {
  const { name: _, ...entry } = withoutChecksum(plugin);
  return { ...entry, checksum: checksumOf(plugin) };
}

function withoutChecksum({ name, version, source, folder, integrity, signedBy, rights, files }: LockedPlugin) {
  const { kind, given, resolved, integrity: archive } = source;
  const { read, write, env, childProcess, workers, addons, network } = rights;
  return {
    name,
    version,
    source: {
      kind,
      given,
      ...(resolved === undefined ? {} : { resolved }),
      ...(archive === undefined ? {} : { integrity: archive }),
    },
    folder,
    integrity,
    ...(signedBy === undefined ? {} : { signedBy }),
    rights: { read: [...read], write: [...write], env: [...env], childProcess, workers, addons, network },
    files: Object.fromEntries(
      Object.keys(files)
        .sort()
        .map((path) => [path, files[path] ?? ""]),
    ),
  };
}
