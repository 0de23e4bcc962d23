import { type ClientRequest, type IncomingMessage, request as openRequest } from "node:http";
import { platformError } from "@plinth/module";

/** What is asked of a running platform. */
export interface ControlRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Gives the request up. */
  readonly signal?: AbortSignal | undefined;
  /** The most milliseconds until the answer begins. Default: no limit. */
  readonly limitMs?: number;
}

/** Codes of the system that mean: nobody listens there. */
const nobody = new Set(["ENOENT", "ECONNREFUSED", "EACCES", "ENOTDIR"]);

/**
 * Sends a request to the first of the addresses at which somebody listens.
 *
 * @returns the answer, of which only the head has come; `undefined` when nobody listens at any.
 * @throws PlatformError `CONTROL_NO_ANSWER` or `CONTROL_LOST`; what `signal` was aborted with.
 */
export async function send(addresses: readonly string[], wanted: ControlRequest): Promise<IncomingMessage | undefined> {
  for (const address of addresses) {
    const answer = await sendTo(address, wanted);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function sendTo(
  address: string,
  { method, path, signal, limitMs }: ControlRequest,
): Promise<IncomingMessage | undefined> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const asked = openRequest({ socketPath: address, path, method, agent: false, ...(signal && { signal }) });
    const limit = limitMs === undefined ? undefined : giveUpAfter(limitMs, asked, reject);
    asked.on("response", (answer) => {
      clearTimeout(limit);
      resolve(answer);
    });
    asked.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      if (signal?.aborted === true) reject(signal.reason);
      else if (error.syscall === "connect" && nobody.has(error.code ?? "")) resolve(undefined);
      else reject(platformError("CONTROL_LOST", { reason: error.message }, { cause: error }));
    });
    asked.end();
  });
}

function giveUpAfter(limit: number, asked: ClientRequest, reject: (error: unknown) => void): NodeJS.Timeout {
  return setTimeout(() => {
    reject(platformError("CONTROL_NO_ANSWER", { limit }));
    asked.destroy();
  }, limit);
}
