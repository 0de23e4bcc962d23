import type { ServerResponse } from "node:http";
import { failure } from "./statuses.ts";

/** A request as the simulator saw it. */
export interface ApiRequest {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`; empty for paths without a resource. */
  readonly verb: string;
  /** `endpointslices`, with the subresource behind a slash; empty for paths without a resource. */
  readonly resource: string;
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Who asked; `undefined` when the credentials were no good. */
  readonly user: string | undefined;
  readonly authorization: string | undefined;
}

/** What a request gets in place of its answer. */
export type Fault =
  /** A failure as the API server sends it. */
  | {
      readonly type: "status";
      readonly code: number;
      readonly reason?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Bytes as they are, with an end unless `open`. */
  | {
      readonly type: "bytes";
      readonly chunks: readonly (string | Uint8Array)[];
      readonly code?: number;
      readonly open?: boolean;
    }
  /** The connection is cut. */
  | { readonly type: "reset" }
  /** No answer ever comes. */
  | { readonly type: "silence" }
  /** The usual answer, once `until` has settled. */
  | { readonly type: "delay"; readonly until: Promise<unknown> };

/** Carries out a fault. Resolves with whether the usual answer is still to come. */
export async function carryOut(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.type) {
    case "status": {
      const { code, reason, message = "a fault of the test", headers = {} } = fault;
      response.writeHead(code, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(failure(code, reason, message)));
      return false;
    }
    case "bytes":
      response.writeHead(fault.code ?? 200, { "content-type": "application/json" });
      response.flushHeaders();
      for (const chunk of fault.chunks) response.write(chunk);
      if (fault.open !== true) response.end();
      return false;
    case "reset":
      response.socket?.resetAndDestroy();
      return false;
    case "silence":
      return false;
    case "delay":
      await fault.until;
      return true;
  }
}
