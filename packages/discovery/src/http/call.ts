import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import type { Timer } from "@plinth/module";
import type { Dispatcher } from "undici";
import type { Outcome } from "../picking/balancer.ts";
import type { Target } from "../picking/target.ts";
import { isBrokenConnection, isIdempotent, isOwnFault, isReplayable } from "./replay.ts";
import type { ServiceRoute } from "./service-route.ts";
import type { TargetPools } from "./target-pools.ts";

type Controller = Dispatcher.DispatchController;
type CallTarget = Target<TargetPools>;

/** Bodies of discarded answers up to this size are read, so that their connection can be used again. */
const readableAnswer = 64 * 1024;

/**
 * One request on its way to an instance, and to another one when that fails. To the pools it is the
 * handler of each attempt, to the caller's handler the controller of the whole: so one object a
 * request is enough, and the caller sees one start and one end however many attempts there are.
 */
export class Call implements Dispatcher.DispatchHandler, Controller {
  readonly #route: ServiceRoute;
  readonly #options: Dispatcher.DispatchOptions;
  readonly #handler: Dispatcher.DispatchHandler;
  /** Of the present attempt, or the last one. */
  #target: CallTarget | undefined;
  /** Whether the target counts the request as in flight. */
  #held = false;
  #startedAt = 0;
  /** Of the present attempt, from the moment on which it is written to a connection. */
  #controller: Controller | undefined;
  #tried: CallTarget[] | undefined;
  /** Set while a wait goes before the next attempt, with the target it is for. */
  #waiting: Timer | undefined;
  #next: CallTarget | undefined;
  /** The caller's handler has been told of the start. */
  #announced = false;
  /** 0 before the answer has begun. */
  #status = 0;
  #latency = 0;
  #paused = false;
  #aborted = false;
  #reason: Error | null = null;
  #ended = false;

  constructor(route: ServiceRoute, options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
    this.#route = route;
    this.#options = options;
    this.#handler = handler;
  }

  /** Sends it to an instance; `false` when the caller should wait for the drain event before it sends more. */
  send(): boolean {
    if (this.#ended) return true;
    const target = this.#route.balancer.pick(this.#tried);
    if (target === undefined) {
      this.fail(this.#route.noInstance());
      return true;
    }
    return this.#sendTo(target);
  }

  #sendTo(target: CallTarget): boolean {
    const route = this.#route;
    this.#target = target;
    this.#held = true;
    if (route.measured) this.#startedAt = route.clock.now();
    return route.poolOf(target, this.#options).dispatch(this.#options, this);
  }

  // What the pools tell.

  onRequestStart(controller: Controller, context: unknown): void {
    this.#controller = controller;
    if (this.#aborted) {
      controller.abort(this.#reason as Error);
      return;
    }
    this.announce(context);
  }

  /** Gives the caller's handler the means to abort, once. */
  announce(context: unknown = null): void {
    if (this.#announced) return;
    this.#announced = true;
    this.#handler.onRequestStart?.(this, context);
  }

  onBodySent(chunk: Buffer): void {
    this.#handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onRequestUpgrade(controller: Controller, statusCode: number, headers: IncomingHttpHeaders, socket: Duplex): void {
    if (controller !== this.#controller) return;
    this.#status = statusCode;
    this.#release("success");
    this.#ended = true;
    this.#handler.onRequestUpgrade?.(this, statusCode, headers, socket);
  }

  onResponseStart(controller: Controller, statusCode: number, headers: IncomingHttpHeaders, message?: string): void {
    if (controller !== this.#controller) return;
    if (statusCode >= 200) {
      if (this.#route.measured) this.#latency = this.#route.clock.now() - this.#startedAt;
      if (this.#route.isRetryStatus(statusCode) && this.#sendInsteadOf(controller, statusCode, headers)) return;
      this.#status = statusCode;
    }
    this.#handler.onResponseStart?.(this, statusCode, headers, message);
    if (this.#paused) controller.pause();
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (controller !== this.#controller) return;
    this.#handler.onResponseData?.(this, chunk);
  }

  onResponseEnd(controller: Controller, trailers: IncomingHttpHeaders): void {
    if (controller !== this.#controller) return;
    this.#release(this.#status < 500 ? "success" : "failure");
    this.#ended = true;
    this.#handler.onResponseEnd?.(this, trailers);
  }

  onResponseError(controller: Controller | null | undefined, error: Error): void {
    // An attempt that was given up ends with an error, or with none: neither is of interest.
    if (controller !== null && controller !== undefined && controller !== this.#controller) return;
    const aborted = this.#aborted || controller?.aborted === true;
    if (aborted || isOwnFault(error)) this.#release(this.#status === 0 ? "ignored" : "success");
    else {
      this.#release("failure");
      if (this.#status === 0 && this.#sendAgain(error)) return;
    }
    this.fail(this.#reason ?? error);
  }

  /** Ends the call with an error. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handler.onResponseError?.(this, error);
  }

  // Trying again.

  /** Whether another attempt follows upon `error`. */
  #sendAgain(error: Error): boolean {
    const sent = this.#controller !== undefined;
    if (this.#attemptsSpent()) return false;
    if (sent) {
      if (!isBrokenConnection(error) || !this.#isRepeatable()) return false;
      if (!this.#route.spendRetry(error)) return false;
    } else if (this.#route.closed) return false;
    const target = this.#pickOther();
    if (target === undefined) return false;
    // What never reached an instance adds to no instance's load, and so costs nothing of the budget. Its
    // body is whole: a pool asks for the first part only when a connection is there.
    if (!sent) this.#route.tellRetry(error);
    if (this.#tried?.includes(target)) this.#sendLater(target);
    else queueMicrotask(() => this.#resume(target));
    return true;
  }

  /** Whether another instance is asked instead of the one whose answer begins with `statusCode`. */
  #sendInsteadOf(controller: Controller, statusCode: number, headers: IncomingHttpHeaders): boolean {
    if (this.#aborted || this.#attemptsSpent() || !this.#isRepeatable()) return false;
    const target = this.#pickOther();
    if (target === undefined) return false;
    // The same instance would only be asked to fail once more.
    if (this.#tried?.includes(target) || !this.#route.spendRetry(statusCode)) {
      this.#tried?.pop();
      this.#route.balancer.done(target, "ignored", 0);
      return false;
    }
    this.#release("failure");
    this.#controller = undefined;
    const length = Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
    if (length > readableAnswer) controller.abort(new Error("another instance is asked instead"));
    queueMicrotask(() => this.#resume(target));
    return true;
  }

  #pickOther(): CallTarget | undefined {
    this.#tried ??= [];
    this.#tried.push(this.#target as CallTarget);
    return this.#route.balancer.pick(this.#tried);
  }

  #attemptsSpent(): boolean {
    return (this.#tried?.length ?? 0) >= this.#route.maxRetries;
  }

  #isRepeatable(): boolean {
    return isIdempotent(this.#options) && isReplayable(this.#options.body) && !this.#options.upgrade;
  }

  #sendLater(target: CallTarget): void {
    const wait = this.#route.retryWait(this.#tried?.length ?? 1);
    this.#next = target;
    this.#controller = undefined;
    this.#waiting = this.#route.clock.timer(wait, () => this.#resume(target));
    this.announce();
  }

  #resume(target: CallTarget): void {
    this.#waiting = undefined;
    this.#controller = undefined;
    if (this.#ended) this.#route.balancer.done(target, "ignored", 0);
    else this.#sendTo(target);
  }

  #release(outcome: Outcome): void {
    if (!this.#held) return;
    this.#held = false;
    this.#route.balancer.done(this.#target as CallTarget, outcome, this.#latency);
  }

  // What the caller's handler holds.

  abort(reason: Error): void {
    if (this.#aborted || this.#ended) return;
    this.#aborted = true;
    this.#reason = reason;
    if (this.#controller !== undefined) {
      this.#controller.abort(reason);
      return;
    }
    const between = this.#waiting;
    this.fail(reason);
    if (between === undefined) return;
    between.cancel();
    this.#resume(this.#next as CallTarget);
  }

  pause(): void {
    this.#paused = true;
    this.#controller?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#controller?.resume();
  }

  get paused(): boolean {
    return this.#paused;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): Error | null {
    return this.#reason;
  }

  get rawHeaders(): Exclude<Controller["rawHeaders"], undefined> {
    return this.#controller?.rawHeaders ?? null;
  }

  get rawTrailers(): Exclude<Controller["rawTrailers"], undefined> {
    return this.#controller?.rawTrailers ?? null;
  }
}
