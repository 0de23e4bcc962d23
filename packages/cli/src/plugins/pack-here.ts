import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import { inspectPlatform } from "@plinth/platform";
import { type FetchedPlugin, type PackedPlugin, packPlugin, privateKeyOf } from "@plinth/plugins";
import type { Context } from "../context.ts";

/**
 * Makes the archive of a plugin. Its manifest may hold what the platform's own parts know: whoever makes
 * a plugin need not have a platform.
 *
 * @param keyFile absolute.
 */
export async function pack(
  { env }: Context,
  fetched: FetchedPlugin,
  keyFile: string | undefined,
): Promise<PackedPlugin> {
  const { schema } = await inspectPlatform({ env });
  return packPlugin(fetched, schema, keyFile === undefined ? undefined : readKey(keyFile));
}

function readKey(file: string) {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const mend = "Name the file that platformctl plugins keygen has written.";
    const values = { place: `what is in ${file}`, reason: (cause as Error).message, mend };
    throw platformError("PLUGIN_KEY_INVALID", values, { at: [{ file }], cause });
  }
  return privateKeyOf(text, file);
}

/** Writes an archive as a whole, or not at all. */
export function writeWhole(file: string, bytes: Buffer): void {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.draft`);
  try {
    writeFileSync(draft, bytes);
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw platformError("PLUGIN_UNWRITABLE", { file, reason: (cause as Error).message }, { at: [{ file }], cause });
  }
}

/** A packed plugin as `--json` shows it. */
export function shownPacked({ name, version, integrity, signedBy }: PackedPlugin) {
  return { name, version, integrity, signedBy: signedBy ?? null };
}
