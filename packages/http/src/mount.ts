import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Clock, platformError } from "@plinth/module";
import type { FastifyInstance } from "fastify";
import { waitFor } from "./wait.ts";

/** The place of one module's routes behind the server. The module may come and go; its place stays. */
export class Mount {
  readonly module: string;
  readonly prefix: string;
  /** Whether requests are let in: while the module is running. */
  isOpen = false;
  /** The module's routes, such as `GET /tickets/:id`, with their paths. */
  readonly routes: { readonly name: string; readonly url: string }[] = [];
  #app: FastifyInstance | undefined;
  #routing: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  #inProgress = 0;
  #whenIdle: (() => void) | undefined;

  constructor(module: string, prefix: string) {
    this.module = module;
    this.prefix = prefix;
  }

  /** How many requests have been let in and not been answered. */
  get inProgress(): number {
    return this.#inProgress;
  }

  /** Puts the routes of a module that is being set up in place. */
  mount(app: FastifyInstance): void {
    this.#app = app;
  }

  /**
   * Lets requests in. They are handled in the asynchronous context of the caller, so that what goes
   * wrong in a handler is put down to the module.
   *
   * @throws PlatformError `HTTP_ROUTES_INVALID` for a schema that cannot be compiled, or a plugin that failed.
   */
  async open(): Promise<void> {
    const app = this.#app;
    if (app !== undefined) {
      try {
        await app.ready();
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw platformError("HTTP_ROUTES_INVALID", { module: this.module, reason }, { cause });
      }
      const inContext = AsyncLocalStorage.snapshot();
      this.#routing = (request, response) => inContext(app.routing, request, response);
    }
    this.isOpen = true;
  }

  /** Lets no more requests in, and waits for those in progress. */
  async drain(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    this.isOpen = false;
    if (this.#inProgress === 0) return;
    await waitFor(clock, ms, signal, (done) => {
      this.#whenIdle = done;
    });
    this.#whenIdle = undefined;
  }

  /** Takes the routes away, and lets their plugins close. */
  async unmount(): Promise<void> {
    const app = this.#app;
    this.isOpen = false;
    this.#routing = undefined;
    this.#app = undefined;
    this.routes.length = 0;
    await app?.close();
  }

  /** Whether there is anything that could handle a request. */
  get hasRoutes(): boolean {
    return this.#routing !== undefined;
  }

  /** Hands a request to the module's routes. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#inProgress++;
    this.#routing?.(request, response);
  }

  /** Is told of the end of each request that {@link handle} took. */
  requestEnded(): void {
    this.#inProgress--;
    if (this.#inProgress === 0) this.#whenIdle?.();
  }
}
