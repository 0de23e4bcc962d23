import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubernetesApi, startKubernetesApi } from "./kubernetes-api.ts";

interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly contentType?: string;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Json;
    readonly events?: readonly Json[];
    readonly closedBy?: "client" | "server";
  };
}

type Json = { readonly [key: string]: unknown };

const exchanges = readFileSync(path.join(import.meta.dirname, "transcripts.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Exchange);

/** Who the recorder was in the exchanges that are about that; an administrator in all others. */
const tokens: Readonly<Record<string, string | undefined>> = {
  unauthorized: "no such token",
  "no-token": undefined,
  forbidden: "nobody",
  "forbidden-watch": "nobody",
};

let api: KubernetesApi;

beforeAll(async () => {
  api = await startKubernetesApi({
    authorization: "rbac",
    tokens: { admin: { name: "admin", groups: ["system:masters"] }, nobody: { name: "nobody" } },
    revision: 239,
  });
});

afterAll(() => api[Symbol.asyncDispose]());

describe("the simulator answers as the recorded API server", () => {
  it("has all 44 exchanges", () => expect(exchanges).toHaveLength(44));

  it.each(exchanges.map((exchange) => [exchange.name, exchange] as const))("%s", async (name, exchange) => {
    prepare(exchange);
    const { method, contentType, body } = exchange.request;
    const token = name in tokens ? tokens[name] : "admin";
    const giveUp = new AbortController();
    const answer = await fetch(api.url + exchange.request.path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(contentType === undefined ? {} : { "content-type": contentType }),
      },
      signal: giveUp.signal,
      ...(body === null || body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { status, headers, events, closedBy } = exchange.response;
    expect(answer.status).toBe(status);
    for (const header of ["content-type", "transfer-encoding", "warning", "retry-after"]) {
      if (header in headers) expect(answer.headers.get(header)).toBe(headers[header]);
    }
    if (events === undefined) {
      expect(comparable(await answer.json())).toEqual(comparable(wantedBody(exchange)));
      return;
    }
    const lines: unknown[] = [];
    for await (const line of linesOf(answer)) {
      lines.push(JSON.parse(line));
      // The recorded bookmark came by itself, about a minute later.
      if (name === "watch-lifecycle" && lines.length === events.length - 1) bookmarkAt(262);
      if (closedBy === "client" && lines.length === events.length) break;
    }
    giveUp.abort();
    expect(comparable(lines)).toEqual(comparable(events));
  });
});

/** Brings the revision to where the recorded server's was. */
function prepare({ name, request, response }: Exchange): void {
  if (name === "watch-expired-in-stream") {
    api.advance(304);
    api.compact();
  }
  const version = Number((response.body?.metadata as Json | undefined)?.resourceVersion);
  if (Number.isFinite(version)) api.advance(request.method === "GET" ? version : version - 1);
  if (name === "delete-slice") api.advance(249);
  if (name === "watch-server-timeout") api.advance(271);
  if (name === "list-rv-too-new") api.advance(280);
}

function bookmarkAt(revision: number): void {
  api.advance(revision);
  api.bookmark();
}

/**
 * The recorder kept two created objects, changed them for its next request, and wrote them down afterwards. What the
 * server really sent shows in the events of `watch-lifecycle`: the endpoints that were asked for.
 */
function wantedBody({ name, request, response }: Exchange): unknown {
  if (name !== "create-slice" && name !== "update-slice-null-conditions") return response.body;
  return { ...response.body, endpoints: (request.body as Json).endpoints };
}

/** Everything but what no two servers share: uids, times, addresses given out, and what is inside `fieldsV1`. */
function comparable(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => {
    if (key === "fieldsV1") return "{}";
    if (["uid", "creationTimestamp", "time", "clusterIP"].includes(key)) return typeof part;
    if (key === "clusterIPs") return (part as unknown[]).map((address) => typeof address);
    if (/^(git|go|build|compiler)/.test(key)) return typeof part;
    return part;
  });
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
