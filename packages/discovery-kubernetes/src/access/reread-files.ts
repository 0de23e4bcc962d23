import { readFile } from "node:fs/promises";
import { registryError } from "@plinth/discovery";
import type { Clock } from "@plinth/module";

/** Files that are read again when they may have changed. */
export interface RereadFiles<Name extends string> {
  /** The texts, without white space around them; at most a minute old. */
  read(): Promise<Readonly<Record<Name, string>>>;
  /** The next texts are read from the files. */
  forget(): void;
}

const freshMs = 60_000;

/**
 * Reads files, and again each minute: a token in a pod is rotated about once an hour, its CA now and then.
 *
 * @param server As errors name it.
 */
export function rereadFiles<Name extends string>(
  paths: Readonly<Record<Name, string>>,
  server: string,
  clock: Clock,
): RereadFiles<Name> {
  let known: { readonly texts: Readonly<Record<Name, string>>; readonly at: number } | undefined;
  let reading: Promise<Readonly<Record<Name, string>>> | undefined;

  async function readAll(): Promise<Readonly<Record<Name, string>>> {
    const names = Object.keys(paths) as Name[];
    try {
      const texts = await Promise.all(names.map(async (name) => [name, (await readFile(paths[name], "utf8")).trim()]));
      const empty = texts.find(([, text]) => text === "");
      if (empty !== undefined) throw new Error(`${paths[empty[0] as Name]} is empty`);
      known = { texts: Object.fromEntries(texts), at: clock.now() };
      return known.texts;
    } catch (cause) {
      // A file is missing for a moment while it is replaced; the last token mostly still holds.
      if (known !== undefined) return known.texts;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw registryError("DISCOVERY_SIGN_IN", { registry: server, reason }, { cause });
    } finally {
      reading = undefined;
    }
  }

  return {
    async read() {
      if (known !== undefined && clock.now() - known.at < freshMs) return known.texts;
      reading ??= readAll();
      return reading;
    },
    forget() {
      if (known !== undefined) known = { ...known, at: Number.NEGATIVE_INFINITY };
    },
  };
}
