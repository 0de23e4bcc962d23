import { abortedError, isRegistryError, type RegistryError, registryError } from "@plinth/discovery";
import { systemClock } from "@plinth/module";
import type { CheckedConsulOptions } from "../consul-options.ts";
import { answerError, connectionError, type RequestPurpose } from "./answer-error.ts";
import { createTokenSource } from "./token.ts";
import { createTransport } from "./transport.ts";

/** One request to the agent. */
export interface ConsulRequest extends RequestPurpose {
  /** Default `GET`. */
  readonly method?: "GET" | "PUT";
  /** The parts of the path after `/v1/`; they are escaped. */
  readonly path: readonly string[];
  /** `undefined` leaves a parameter out, an empty text gives one without a value. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** Default: the options' `requestTimeoutMs`. */
  readonly limitMs?: number;
  /** Answers outside of 2xx that are no errors. */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

/** What the agent answered, read to its end. */
export interface ConsulAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  /** @throws RegistryError `DISCOVERY_UNAVAILABLE` when it is no JSON. */
  json(): unknown;
}

/** A thin client of Consul's HTTP API: one request at a time, no retries but the one with a token that was read again. */
export interface ConsulClient {
  /** The agent as errors name it; holds no secret. */
  readonly registry: string;
  /** Another number means that requests carry another token. */
  readonly tokenVersion: number;
  /** Rejects with a {@link RegistryError} only, and settles within the request's limit. */
  request(request: ConsulRequest): Promise<ConsulAnswer>;
  close(): Promise<void>;
}

/** A client for the agent that the options name. Connects when it is first used. */
export function createConsulClient(options: CheckedConsulOptions): ConsulClient {
  const { origin, requestTimeoutMs, clock = systemClock } = options;
  const registry = origin.origin;
  const prefix = origin.pathname.replace(/\/$/, "");
  const scope = { ns: options.namespace, partition: options.partition };
  const transport = createTransport(origin, options.tls, registry);
  const token = createTokenSource(options, registry);

  async function send(request: ConsulRequest, secret: string | undefined, signal: AbortSignal): Promise<ConsulAnswer> {
    const { method = "GET", path, query = {}, body, accept = [] } = request;
    const pool = await transport.pool();
    const {
      statusCode,
      headers,
      body: content,
    } = await pool.request({
      method,
      path: `${prefix}/v1/${path.map(encodeURIComponent).join("/")}${search({ ...scope, ...query })}`,
      headers: {
        accept: "application/json",
        ...(secret === undefined ? {} : { "x-consul-token": secret }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const text = await content.text();
    if ((statusCode < 200 || statusCode > 299) && !accept.includes(statusCode)) {
      throw answerError(statusCode, text, request, registry);
    }
    return {
      status: statusCode,
      header(name) {
        const value = headers[name];
        return Array.isArray(value) ? value[0] : value;
      },
      json: () => parse(text, request),
    };
  }

  function parse(text: string, purpose: RequestPurpose): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      const reason = `it answered with no JSON: ${text.slice(0, 60)}`;
      throw registryError("DISCOVERY_UNAVAILABLE", { registry, action: purpose.action, reason }, { cause });
    }
  }

  async function authorized(request: ConsulRequest, signal: AbortSignal): Promise<ConsulAnswer> {
    const secret = await token.get();
    try {
      return await send(request, secret, signal);
    } catch (error) {
      const denied = isRegistryError(error) && error.code === "DISCOVERY_DENIED";
      if (!denied || !(await token.refresh(secret))) throw error;
      return await send(request, await token.get(), signal);
    }
  }

  return {
    registry,
    get tokenVersion() {
      return token.version;
    },
    async request(request) {
      const { action, signal: ends, limitMs = requestTimeoutMs } = request;
      if (ends?.aborted) throw abortedError(action, ends);
      const late = new AbortController();
      const timer = clock.timer(limitMs, () => late.abort());
      const signal = ends === undefined ? late.signal : AbortSignal.any([late.signal, ends]);
      try {
        return await authorized(request, signal);
      } catch (error) {
        if (late.signal.aborted) throw timeoutError(registry, action, limitMs);
        if (ends?.aborted) throw abortedError(action, ends);
        throw isRegistryError(error) ? error : connectionError(error, request, registry);
      } finally {
        timer.cancel();
      }
    },
    close: () => transport.close(),
  };
}

function timeoutError(registry: string, action: string, limit: number): RegistryError {
  return registryError("DISCOVERY_TIMEOUT", { registry, action, limit });
}

function search(query: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return [value === "" ? name : `${name}=${encodeURIComponent(value)}`];
  });
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
