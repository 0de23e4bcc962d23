import { readFile } from "node:fs/promises";
import { registryError } from "@plinth/discovery";

/** The token that requests carry. */
export interface TokenSource {
  /** Counts the tokens seen so far: another number means another token. */
  readonly version: number;
  /** The token; `undefined` for none. Rejects with `DISCOVERY_SIGN_IN` when its file cannot be read. */
  get(): Promise<string | undefined>;
  /** Reads the file again. Resolves with whether the token is another one than `refused`. */
  refresh(refused: string | undefined): Promise<boolean>;
}

/** The token given, or the one in the file; the file is read when the token is first needed. */
export function createTokenSource(
  options: { readonly token?: string; readonly tokenFile?: string },
  registry: string,
): TokenSource {
  const { tokenFile } = options;
  if (tokenFile === undefined) {
    return { version: 0, get: async () => options.token, refresh: async () => false };
  }
  let version = 0;
  let current: Promise<string> | undefined;
  let known: string | undefined;

  async function read(file: string): Promise<string> {
    try {
      const token = (await readFile(file, "utf8")).trim();
      if (token !== known) version += 1;
      known = token;
      return token;
    } catch (cause) {
      current = undefined;
      const reason = `the token file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`;
      throw registryError("DISCOVERY_SIGN_IN", { registry, reason }, { cause });
    }
  }

  return {
    get version() {
      return version;
    },
    get() {
      current ??= read(tokenFile);
      return current;
    },
    async refresh(refused) {
      // Another request may have read the new token meanwhile.
      if (known === refused) current = read(tokenFile);
      return (await this.get()) !== refused;
    },
  };
}
