import { validateHeaderName, validateHeaderValue } from "node:http";
import { deserialize, serialize } from "node:v8";
import type { Principal } from "@plinth/permissions";
import type { RouteOptions } from "fastify";
import type { Access } from "../access.ts";
import type { HttpAddress } from "../http.ts";
import { HttpProblem, type ProblemDocument } from "../problem.ts";
import type { HttpLimits } from "../settings.ts";

/** What a module's process is told of the HTTP host before the module's `setup`. */
export interface HttpBeginning {
  readonly prefix: string;
  readonly address: HttpAddress | undefined;
  readonly limits: Pick<HttpLimits, "bodyLimit" | "trustProxy" | "maxHeaderSize" | "maxHeaderCount">;
  /** The places of all modules. */
  readonly places: readonly { readonly module: string; readonly prefix: string }[];
  /** The other module that signs requests in, if one does. */
  readonly authenticatedBy: string | undefined;
}

/** Where a module's process is to take requests. */
export interface Door {
  /** The path of a socket, in a folder that nobody else may enter. */
  readonly path: string;
  /** What every request has to carry. */
  readonly token: string;
}

/** A route as it is made known to the host. */
export interface RemoteRoute extends Pick<RouteOptions, "method" | "url"> {
  readonly access: Access | undefined;
  /** What a request has to say besides, such as `{ host: "example.test" }`; texts only. */
  readonly constraints: Readonly<Record<string, string>> | undefined;
}

/** What the host tells with each request besides the request. */
export interface Passport {
  readonly requestId: string;
  readonly principal: Principal | undefined;
  /** What a 401 says of how to sign in. */
  readonly challenge: string;
  /** The other end of the client's connection. */
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
}

/** The headers that carry token, passport and principal. What a client sends under these names is dropped. */
export const tokenHeader = "x-plinth-token";
export const passportHeader = "x-plinth-passport";
export const principalHeader = "x-plinth-principal";

/**
 * What of a passport goes into headers: name, value, name, value. A principal may hold all that can be
 * copied to another process; the rest is plain text.
 *
 * @throws DataCloneError for a principal that cannot be copied.
 */
export function passportHeaders(passport: Passport): readonly string[] {
  const { requestId, principal, challenge, remoteAddress, remotePort } = passport;
  const plain = [passportHeader, JSON.stringify([requestId, challenge, remoteAddress, remotePort])];
  return principal === undefined ? plain : [...plain, principalHeader, serialize(principal).toString("base64url")];
}

/** Reads what {@link passportHeaders} has made. */
export function readPassport(plain: string, principal: string | undefined): Passport {
  const [requestId, challenge, remoteAddress, remotePort] = JSON.parse(plain);
  return {
    requestId,
    challenge,
    remoteAddress: remoteAddress ?? undefined,
    remotePort: remotePort ?? undefined,
    principal: principal === undefined ? undefined : deserialize(Buffer.from(principal, "base64url")),
  };
}

/** A request that is to be signed in by a module in another process. */
export interface SignInQuestion {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly remoteAddress: string | undefined;
}

/** Who the request is from, or what to answer instead. */
export type SignInAnswer = { readonly principal: Principal | undefined } | { readonly problem: ProblemData };

/** What an {@link HttpProblem} is made of. */
export interface ProblemData {
  readonly headers: Readonly<Record<string, string>>;
  readonly document: ProblemDocument;
}

/** @throws RangeError or TypeError for one that could not be sent to a client. */
export function problemFrom({ headers, document }: ProblemData): HttpProblem {
  const { status, detail, type, title, ...members } = document;
  if (!Number.isInteger(status) || status < 400 || status > 599) throw new RangeError(`${status} is no status`);
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return new HttpProblem(status, detail, { ...(type === undefined ? {} : { type }), title, headers, members });
}
