import { createHash, randomBytes } from "node:crypto";

/** What begins a token, so that one that got into a log or a repository can be searched for. */
const prefix = "helpdesk_";

/** A new bearer token, with 256 random bits. */
export function newToken(): string {
  return prefix + randomBytes(32).toString("base64url");
}

/** What is stored of a token. A plain hash is enough, since a token cannot be guessed. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The token of a header `Authorization: Bearer <token>`; `undefined` for any other header. */
export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(helpdesk_[\w-]{43})$/i.exec(header ?? "")?.[1];
}
