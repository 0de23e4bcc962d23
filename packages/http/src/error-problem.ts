import { PlatformError } from "@plinth/module";
import { PermissionDenied } from "@plinth/permissions";
import { HttpProblem, isHttpProblem, missingPermission, problemKinds, unauthenticated } from "./problem.ts";

/** One complaint about a request: where, as a JSON pointer that begins with the part of the request, and what. */
export interface InvalidPart {
  readonly at: string;
  readonly message: string;
}

/**
 * What a client is told of an error that a route threw. Only errors that were made for clients
 * speak: `HttpProblem`, what Fastify and its plugins complain of in a request, and errors that say
 * `expose: true`. Anything else is a 500 that names the request alone.
 *
 * @param challenge what a 401 says of how to sign in.
 */
export function problemOf(thrown: unknown, requestId: string, challenge: string): HttpProblem {
  if (isHttpProblem(thrown)) return thrown;
  if (thrown instanceof PermissionDenied) {
    return thrown.signedIn ? missingPermission(thrown.permission) : unauthenticated(challenge, thrown.permission);
  }
  if (thrown instanceof PlatformError && thrown.code === "PERMISSION_UNDECIDED") {
    return new HttpProblem(503, "Permissions cannot be checked at the moment.", { headers: { "retry-after": "1" } });
  }
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Readonly<Record<string, unknown>>;
  const { statusCode, message, code, expose, validation, validationContext } = error;
  const forClients = (typeof code === "string" && code.startsWith("FST_")) || expose === true;
  const isClientError = typeof statusCode === "number" && statusCode >= 400 && statusCode < 500;
  if (!forClients || !isClientError) return internalError(requestId);
  if (Array.isArray(validation)) {
    const errors = validation.map((one) => invalidPart(one, String(validationContext ?? "")));
    const options = { type: problemKinds.invalidRequest, members: { errors } };
    return new HttpProblem(statusCode, "The request does not have the form that this route asks for.", options);
  }
  return new HttpProblem(statusCode, typeof message === "string" ? message : undefined);
}

function internalError(requestId: string): HttpProblem {
  return new HttpProblem(500, "Something went wrong here; the log has more under the id of the request.", {
    members: { requestId },
  });
}

function invalidPart(one: unknown, context: string): InvalidPart {
  const { instancePath, message, params } = one as {
    readonly instancePath?: unknown;
    readonly message?: unknown;
    readonly params?: { readonly additionalProperty?: unknown };
  };
  const at = `/${context}${String(instancePath ?? "")}`;
  const unknown = params?.additionalProperty;
  if (typeof unknown === "string") return { at: `${at}/${unknown}`, message: "is not known here" };
  return { at, message: String(message ?? "is invalid") };
}
