import { badRequest } from "./statuses.ts";

/** Where a list goes on. */
export interface ContinueToken {
  /** The revision that all pages show; -1 for whichever is current. */
  readonly revision: number;
  /** The first key of the next page; sorts as the keys of the store do. */
  readonly start: string;
}

export function encodeContinue({ revision, start }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start })).toString("base64url");
}

/** @throws StatusError 400 for a token that this server did not make. */
export function decodeContinue(token: string): ContinueToken {
  const bytes = Buffer.from(token, "base64url");
  try {
    const { v, rv, start } = JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;
    if (v === "meta.k8s.io/v1" && typeof rv === "number" && typeof start === "string") return { revision: rv, start };
  } catch {
    const first = bytes[0] ?? 0;
    const shown =
      first < 0x20 || first > 0x7e ? `\\u${first.toString(16).padStart(4, "0")}` : String.fromCharCode(first);
    const why = `invalid character '${shown}' looking for beginning of value`;
    throw badRequest(`invalid continue token: continue key is not valid: ${why}`);
  }
  throw badRequest("invalid continue token: continue key is not valid: incorrect encoded version");
}
