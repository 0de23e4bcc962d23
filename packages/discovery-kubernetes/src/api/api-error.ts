import type { Status } from "./objects.ts";

/** The API server answered, and not with what was asked for. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status, or the code inside an ERROR event. */
  readonly code: number;
  readonly status: Status;
  /** How long it asks not to be asked again; 0 where it says nothing. */
  readonly retryAfterMs: number;

  constructor(code: number, status: Status, retryAfterMs = 0) {
    super(status.message ?? `it answered ${code}`);
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }

  /** The resourceVersion, or the place in a list, was forgotten. */
  get gone(): boolean {
    return this.code === 410 || this.status.reason === "Expired" || this.status.reason === "Gone";
  }

  /** The resourceVersion asked for is yet to come at this server. */
  get versionTooLarge(): boolean {
    const causes = this.status.details?.causes ?? [];
    return (
      causes.some(({ reason }) => reason === "ResourceVersionTooLarge") ||
      (this.code === 504 && this.message.includes("Too large resource version"))
    );
  }

  get denied(): boolean {
    return this.code === 401 || this.code === 403;
  }
}

/** Makes the error of an answer; a body that is no `Status`, as a proxy sends it, is shown shortened. */
export function apiError(code: number, body: string, retryAfter?: string): ApiError {
  const status = statusIn(body);
  const seconds = Number(retryAfter ?? status?.details?.retryAfterSeconds ?? 0);
  const retryAfterMs = Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : 0;
  return new ApiError(code, status ?? { message: `it answered ${code}: ${shortened(body)}` }, retryAfterMs);
}

function statusIn(body: string): Status | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null && (parsed as Status).message !== undefined
      ? (parsed as Status)
      : undefined;
  } catch {
    return undefined;
  }
}

function shortened(body: string): string {
  const line = body.replace(/\s+/g, " ").trim();
  return line === "" ? "an empty body" : line.length > 200 ? `${line.slice(0, 200)}...` : line;
}
