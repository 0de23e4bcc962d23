import type { Logger } from "@plinth/module";
import type { FastifyBaseLogger } from "fastify";

type Bindings = Readonly<Record<string, unknown>>;
type Line = [fields: unknown, message?: unknown, ...rest: unknown[]];

/**
 * Fastify's logger on top of the platform's. A child is made only when something is written, since
 * Fastify asks for one with each request.
 */
export class RequestLog implements FastifyBaseLogger {
  level = "trace";
  #log: Logger | undefined;
  readonly #parent: () => Logger;
  readonly #fields: Bindings;

  constructor(parent: () => Logger, fields: Bindings) {
    this.#parent = parent;
    this.#fields = fields;
  }
  trace(...line: Line): void {
    write(this.#own(), "trace", line);
  }
  debug(...line: Line): void {
    write(this.#own(), "debug", line);
  }
  info(...line: Line): void {
    write(this.#own(), "info", line);
  }
  warn(...line: Line): void {
    write(this.#own(), "warn", line);
  }
  error(...line: Line): void {
    write(this.#own(), "error", line);
  }
  fatal(...line: Line): void {
    write(this.#own(), "error", line);
  }
  silent(): void {}
  child(fields: Bindings): RequestLog {
    return new RequestLog(() => this.#own(), fields);
  }
  #own(): Logger {
    this.#log ??= this.#parent().child(this.#fields);
    return this.#log;
  }
}

function write(log: Logger, level: "trace" | "debug" | "info" | "warn" | "error", [first, message]: Line): void {
  if (typeof first === "string") log[level](first);
  else if (first instanceof Error) log[level]({ err: first }, typeof message === "string" ? message : first.message);
  else log[level]((first ?? {}) as Bindings, typeof message === "string" ? message : "");
}
