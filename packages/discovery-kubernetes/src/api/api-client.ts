import { type Clock, systemClock } from "@plinth/module";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import type { ApiAccess, ApiTls } from "../access/api-access.ts";
import { ApiError, apiError } from "./api-error.ts";

/** One request. */
export interface ApiRequest {
  /** Default `GET`. */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
}

/** How the client behaves. */
export interface ApiClientOptions {
  readonly access: ApiAccess;
  readonly clock?: Clock;
  /** How long an answer, or the beginning of a watch, may take. Default 15,000. */
  readonly requestTimeoutMs?: number;
  /** The largest answer that is read. Default 128 MiB. */
  readonly maxAnswerBytes?: number;
}

/** A request that was not answered in time. */
export class ApiTimeout extends Error {
  override readonly name = "ApiTimeout";
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
    this.limitMs = limitMs;
  }
}

/** Speaks to one API server, with a connection for each watch and a few for the rest. */
export class ApiClient {
  readonly access: ApiAccess;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #maxBytes: number;
  #dispatcher: { readonly tls: ApiTls; readonly agent: Dispatcher } | undefined;
  readonly #retired = new Set<Dispatcher>();

  constructor(options: ApiClientOptions) {
    this.access = options.access;
    this.#clock = options.clock ?? systemClock;
    this.#timeoutMs = options.requestTimeoutMs ?? 15_000;
    this.#maxBytes = options.maxAnswerBytes ?? 128 * 1024 * 1024;
  }

  /**
   * Sends a request and reads the JSON that comes back.
   *
   * @throws ApiError when the server answered with anything but success, ApiTimeout, the signal's reason, or
   *   the error of the connection.
   */
  async call<T>(sent: ApiRequest, signal: AbortSignal): Promise<T> {
    return this.#inTime(signal, async (limit) => {
      const answer = await this.#send(sent, limit);
      return JSON.parse(await this.#text(answer.body)) as T;
    });
  }

  /**
   * Opens a watch. Resolves with its bytes once the server has begun to answer; they end, or throw, when the
   * server ends the watch or `signal` aborts.
   *
   * @param signal Of this watch alone: it is listened to for good.
   * @throws As {@link call}.
   */
  async watch(sent: ApiRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const end = new AbortController();
    const aborted = (): void => end.abort(signal.reason);
    signal.addEventListener("abort", aborted, { once: true });
    if (signal.aborted) aborted();
    const late = this.#clock.timer(this.#timeoutMs, () => end.abort(new ApiTimeout(this.#timeoutMs)));
    try {
      return (await this.#send(sent, end.signal)).body;
    } catch (error) {
      throw end.signal.aborted ? end.signal.reason : error;
    } finally {
      late.cancel();
    }
  }

  /** Cuts all connections. */
  async close(): Promise<void> {
    const open = [...this.#retired, ...(this.#dispatcher === undefined ? [] : [this.#dispatcher.agent])];
    this.#dispatcher = undefined;
    await Promise.all(open.map((agent) => agent.destroy()));
  }

  async #send(sent: ApiRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const answer = await this.#sendOnce(sent, signal);
    if (answer.statusCode !== 401) return this.#checked(answer);
    // A token may have been rotated just now: one more try, with credentials read anew.
    await answer.body.dump();
    this.access.renew();
    return this.#checked(await this.#sendOnce(sent, signal));
  }

  async #sendOnce(sent: ApiRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { headers, tls } = await unlessAborted(this.access.credentials(signal), signal);
    const { method = "GET", path, query = {}, body, contentType = "application/json" } = sent;
    const search = new URLSearchParams(query).toString();
    return request(`${this.access.server}${path}${search === "" ? "" : `?${search}`}`, {
      dispatcher: this.#agent(tls),
      method,
      headers: {
        accept: "application/json",
        "user-agent": "plinth-discovery",
        ...(body === undefined ? {} : { "content-type": contentType }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  async #checked(answer: Dispatcher.ResponseData): Promise<Dispatcher.ResponseData> {
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer;
    const after = answer.headers["retry-after"];
    throw apiError(answer.statusCode, await this.#text(answer.body), Array.isArray(after) ? after[0] : after);
  }

  async #text(body: AsyncIterable<Uint8Array>): Promise<string> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > this.#maxBytes) throw new RangeError(`the answer is longer than ${this.#maxBytes} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }

  async #inTime<T>(signal: AbortSignal, work: (limit: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const timer = this.#clock.timer(this.#timeoutMs, () => late.abort(new ApiTimeout(this.#timeoutMs)));
    const limit = AbortSignal.any([signal, late.signal]);
    try {
      return await work(limit);
    } catch (error) {
      throw limit.aborted && !(error instanceof ApiError) ? limit.reason : error;
    } finally {
      timer.cancel();
    }
  }

  /** The connections for these TLS settings. Those for earlier ones end when their watches do. */
  #agent(tls: ApiTls): Dispatcher {
    if (this.#dispatcher?.tls === tls) return this.#dispatcher.agent;
    if (this.#dispatcher !== undefined) this.#retire(this.#dispatcher.agent);
    this.#dispatcher = { tls, agent: connections(tls, this.access.proxy) };
    return this.#dispatcher.agent;
  }

  #retire(agent: Dispatcher): void {
    this.#retired.add(agent);
    const done = (): void => void this.#retired.delete(agent);
    agent.close().then(done, done);
  }
}

/** Signing in may take a program that takes its time; it goes on for the next request that needs it. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener("abort", aborted, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", aborted));
  });
}

/** HTTP/1.1, so that a watch that stands still holds up no other; with probes that find a peer that is gone. */
function connections(tls: ApiTls, proxy: string | undefined): Dispatcher {
  const { ca, cert, key, pfx, passphrase, serverName, verify = true } = tls;
  const given = {
    ca,
    cert,
    key,
    pfx: pfx === undefined ? undefined : Buffer.from(pfx),
    passphrase,
    servername: serverName,
  };
  const connect = {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    rejectUnauthorized: verify,
    keepAlive: true,
    keepAliveInitialDelay: 15_000,
  };
  return proxy === undefined
    ? new Agent({ allowH2: false, connect })
    : new ProxyAgent({ uri: proxy, allowH2: false, requestTls: connect });
}
