import { STATUS_CODES } from "node:http";

/** An error as a client reads it (RFC 9457, `application/problem+json`). */
export interface ProblemDocument {
  /** Names the kind of problem. Without it the status says everything. */
  readonly type?: string;
  readonly title: string;
  readonly status: number;
  /** What is wrong with this request, for people. */
  readonly detail?: string;
  /** Further members, which the type defines. */
  readonly [member: string]: unknown;
}

export interface HttpProblemOptions extends ErrorOptions {
  /** A URI that names the kind of problem, for programs. */
  readonly type?: string;
  /** Default: the phrase of the status, such as "Not Found". */
  readonly title?: string;
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** The same in all copies of this package: a plugin may bring its own. */
const brand: unique symbol = Symbol.for("plinth.http-problem");

/**
 * Thrown by a handler to answer with an error of its choice. What it says is sent to the client as
 * it is; any other error is answered with 500 and nothing about it.
 */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly [brand] = true;
  /** 400 to 599. */
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly document: ProblemDocument;

  constructor(statusCode: number, detail?: string, options: HttpProblemOptions = {}) {
    const { type, title = STATUS_CODES[statusCode] ?? "Error", headers = {}, members = {}, ...rest } = options;
    super(detail ?? title, rest);
    this.statusCode = statusCode;
    this.headers = headers;
    this.document = {
      ...(type === undefined ? {} : { type }),
      title,
      status: statusCode,
      ...(detail === undefined ? {} : { detail }),
      ...members,
    };
  }
}

/** Whether somebody threw an {@link HttpProblem}, of whichever copy of this package. */
export function isHttpProblem(thrown: unknown): thrown is HttpProblem {
  return thrown instanceof Error && brand in thrown;
}

/** The media type of a problem. */
export const problemType = "application/problem+json";

/** The names of the kinds of problem that the host itself answers with. */
export const problemKinds = {
  unauthenticated: "urn:plinth:problem:unauthenticated",
  permissionMissing: "urn:plinth:problem:permission-missing",
  accessUndeclared: "urn:plinth:problem:access-undeclared",
  invalidRequest: "urn:plinth:problem:invalid-request",
  notReady: "urn:plinth:problem:not-ready",
  moduleNotRunning: "urn:plinth:problem:module-not-running",
} as const;

/** The answer to somebody who has not signed in, with the code of the permission that is needed, if one is. */
export function unauthenticated(challenge: string, permission?: string): HttpProblem {
  return new HttpProblem(401, "Sign in to do this.", {
    type: problemKinds.unauthenticated,
    headers: { "www-authenticate": challenge },
    members: permission === undefined ? {} : { permission },
  });
}

/** The answer to somebody who lacks the permission `code`, for checks that a handler makes itself. */
export function missingPermission(code: string): HttpProblem {
  const options = { type: problemKinds.permissionMissing, members: { permission: code } };
  return new HttpProblem(403, `The permission ${code} is missing.`, options);
}
