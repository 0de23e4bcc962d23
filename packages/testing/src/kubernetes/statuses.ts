import { qualifiedName, type Resource } from "./resources.ts";

/** The object that the API server answers with in place of what was asked for. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly code?: number;
}

/** Thrown by a verb to be answered as a `Status`. */
export class StatusError extends Error {
  readonly status: Status;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: Status, headers: Readonly<Record<string, string>> = {}) {
    super(status.message);
    this.status = status;
    this.headers = headers;
  }
}

/** A failure in the API server's form. */
export function failure(
  code: number,
  reason: string | undefined,
  message: string,
  details?: Status["details"],
): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

export function unauthorized(): StatusError {
  return new StatusError(failure(401, "Unauthorized", "Unauthorized"));
}

export function forbidden(resource: Resource, who: string, verb: string, namespace: string, name: string): StatusError {
  const object = name === "" ? "" : ` "${name}"`;
  const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = `resource "${resource.plural}" in API group "${resource.group}"`;
  return new StatusError(
    failure(
      403,
      "Forbidden",
      `${qualifiedName(resource)}${object} is forbidden: User "${who}" cannot ${verb} ${what} ${where}`,
      { ...(name === "" ? {} : { name }), ...groupOf(resource), kind: resource.plural },
    ),
  );
}

export function notFound(resource: Resource, name: string): StatusError {
  const details = { name, ...groupOf(resource), kind: resource.plural };
  return new StatusError(failure(404, "NotFound", `${qualifiedName(resource)} "${name}" not found`, details));
}

export function unknownPath(): StatusError {
  return new StatusError(failure(404, "NotFound", "the server could not find the requested resource", {}));
}

export function alreadyExists(resource: Resource, name: string): StatusError {
  const details = { name, ...groupOf(resource), kind: resource.plural };
  return new StatusError(failure(409, "AlreadyExists", `${qualifiedName(resource)} "${name}" already exists`, details));
}

export function conflict(resource: Resource, name: string, why?: string): StatusError {
  const reason = why ?? "the object has been modified; please apply your changes to the latest version and try again";
  return new StatusError(
    failure(409, "Conflict", `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${reason}`, {
      name,
      ...groupOf(resource),
      kind: resource.plural,
    }),
  );
}

/** One thing that is wrong with an object. */
export interface Cause {
  readonly field: string;
  readonly message: string;
}

export function invalid(resource: Resource, name: string, causes: readonly Cause[]): StatusError {
  const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  const list = causes.map(({ field, message }) => `${field}: ${message}`);
  const text = list.length === 1 ? list[0] : `[${list.join(", ")}]`;
  return new StatusError(
    failure(422, "Invalid", `${kind} "${name}" is invalid: ${text}`, {
      name,
      ...groupOf(resource),
      kind: resource.kind,
      causes: causes.map(({ field, message }) => ({ reason: "FieldValueInvalid", message, field })),
    }),
  );
}

export function badRequest(message: string): StatusError {
  return new StatusError(failure(400, "BadRequest", message));
}

export function badVersion(version: string): StatusError {
  const why = `strconv.ParseUint: parsing "${version}": invalid syntax`;
  return new StatusError(failure(500, undefined, `resourceVersion: Invalid value: "${version}": ${why}`));
}

export function versionTooLarge(version: number, current: number): StatusError {
  return new StatusError(
    failure(504, "Timeout", `Timeout: Too large resource version: ${version}, current: ${current}`, {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    }),
    { "retry-after": "1" },
  );
}

/** The ERROR event's object, or the answer, for a resourceVersion that was forgotten. */
export function expired(version: number, oldest: number): Status {
  return failure(410, "Expired", `too old resource version: ${version} (${oldest})`);
}

export function deleted(resource: Resource, name: string, uid: string): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name, ...groupOf(resource), kind: resource.plural, uid },
  };
}

function groupOf({ group }: Resource): { readonly group?: string } {
  return group === "" ? {} : { group };
}
