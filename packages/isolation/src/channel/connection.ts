import { platformError } from "@plinth/module";
import { type BirpcReturn, createBirpc } from "birpc";
import { AbortLinks, type ReceivedSignals } from "./abort-links.ts";
import { type CallHandler, handlerResult, pending } from "./call-handler.ts";
import { CallWindow, WindowFull } from "./call-window.ts";
import type { CallOptions, ConnectionOptions } from "./connection-options.ts";
import { encodeError } from "./errors.ts";
import type { NotCloneable } from "./frame.ts";
import { FrameChannel, type FrameTooLarge } from "./frame-channel.ts";
import { type SignalPlace, takeSignals, wholeCall } from "./signals.ts";
import { sendingError } from "./unsendable.ts";
import {
  errorOf,
  isWireMessage,
  kinds,
  unanswerable,
  type WireAnswer,
  type WireMessage,
  type WireRequest,
} from "./wire.ts";

/** What birpc calls for a request, and what it makes of one. Signals are places on the way out, and signals on the way in. */
type Functions = {
  call(
    target: string,
    method: string,
    args: unknown[],
    signals: readonly SignalPlace[] | ReceivedSignals | undefined,
    from: string | undefined,
  ): unknown;
};
type RpcMessage =
  | { readonly t: "q"; readonly i: string; readonly a: Parameters<Functions["call"]> }
  | { readonly t: "s"; readonly i: string; readonly r?: unknown; readonly e?: unknown };

/** Calls that may come in beyond the window, for those that go out past the other end's window. */
const urgentCalls = 64;
const plain: CallOptions = {};

/**
 * Calls in both directions between two processes. Each end may have so many calls under way, and
 * more wait their turn; an end that has more than that is at fault, and the connection ends.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #channel: FrameChannel;
  readonly #rpc: BirpcReturn<Functions, Functions, false>;
  readonly #window: CallWindow;
  readonly #handlers = new Map<string, CallHandler>();
  readonly #aborts = new AbortLinks();
  /** Calls of the other end that have not been answered yet. */
  readonly #answering = new Set<string>();
  #receive: (message: RpcMessage) => void = () => {};
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#channel = new FrameChannel(options.socket, options.channel, {
      onMessage: (message) => this.#message(message),
      onUnsent: (message, error) => this.#unsent(message as WireMessage, error),
      onBroken: (fault) => options.onFault(fault),
      onEnd: () => options.onEnd(),
    });
    this.#window = new CallWindow(options.calls, () => !this.#channel.isWritable);
    const functions: Functions = {
      call: (target, method, args, signals, from) =>
        this.#answer(target, method, args, signals as ReceivedSignals | undefined, from),
    };
    this.#rpc = createBirpc<Functions, Functions, false>(functions, {
      proxify: false,
      timeout: -1,
      post: (message: RpcMessage) => this.#post(message),
      on: (receive) => {
        this.#receive = receive;
      },
    });
  }

  /** Aborts when the connection is closed. */
  get signal(): AbortSignal {
    return this.#aborts.closed;
  }

  /** Whether little waits to be written; when much does, it is better not to send what can be left out. */
  get isWritable(): boolean {
    return this.#channel.isWritable;
  }

  /** Answers calls of `target` from now on. */
  serve(target: string, handler: CallHandler): void {
    this.#handlers.set(target, handler);
  }

  /**
   * Calls the other end. An AbortSignal that is an argument, or a property of one, is passed on; when it
   * aborts, the call rejects with its reason at once. Rejects with PlatformError `ISOLATION_BUSY`,
   * `ISOLATION_NOT_CLONEABLE` or `ISOLATION_MESSAGE_TOO_LARGE` when the call cannot be sent, with what the
   * handler threw, or with what `lost` gives when the connection is or gets closed.
   */
  call(target: string, method: string, args: readonly unknown[], options = plain): Promise<unknown> {
    const taken = takeSignals(args, this.#aborts.nextId);
    if (taken === undefined && options.signal === undefined) {
      return this.#request(target, method, args, undefined, options);
    }
    const signals = taken?.signals.slice() ?? [];
    const places = taken?.places.slice() ?? [];
    if (options.signal !== undefined) {
      signals.push(options.signal);
      places.push([wholeCall, undefined, this.#aborts.nextId()]);
    }
    const { urgent = false } = options;
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted !== undefined && !urgent) return Promise.reject(aborted.reason);
    return this.#aborts.passOn(
      signals,
      places.map(([, , id]) => id),
      this.#request(target, method, taken?.args ?? args, places, options),
      !urgent,
      (id, reason) => this.#send([kinds.abort, id, encodeError(reason)]),
    );
  }

  /** Tells the other end something that needs no answer, past those who wait. */
  tell(target: string, method: string, args: readonly unknown[]): void {
    this.#send([kinds.request, undefined, target, method, args]);
  }

  /** Writes what was sent now, not at the end of the turn, which may never come. */
  flush(): void {
    this.#channel.flush();
  }

  /** Rejects what is under way and closes the stream, after what was sent has been written. */
  close(): void {
    this.#channel.close();
    this.#abandon();
  }

  /** Rejects what is under way and closes the stream at once. */
  destroy(): void {
    this.#channel.destroy();
    this.#abandon();
  }

  #abandon(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#window.open();
    void this.#rpc.$rejectPendingCalls(({ reject }) => reject(lostCall));
    this.#rpc.$close();
    this.#aborts.close();
    this.#handlers.clear();
    this.#answering.clear();
  }

  #request(
    target: string,
    method: string,
    args: readonly unknown[],
    places: readonly SignalPlace[] | undefined,
    { urgent = false, from }: CallOptions,
  ): Promise<unknown> {
    if (this.#closed) return Promise.reject(this.#options.lost(target, method, false));
    const send = () => {
      const request = [target, method, args as unknown[], places, from];
      return this.#rpc.$callRaw({ method: "call", args: request }).then(
        (value: unknown) => {
          if (!urgent) this.#window.leave();
          return value;
        },
        (error: unknown) => {
          if (!urgent) this.#window.leave();
          if (error === lostCall) throw this.#options.lost(target, method, true);
          throw sendingError(error, callOf(target, method), args, this.#options.channel.messageBytes);
        },
      );
    };
    if (urgent) return send();
    try {
      const place = this.#window.enter();
      if (place === undefined) return send();
      if (!this.#channel.isWritable) void this.#channel.whenWritable().then(() => this.#window.admit());
      return place.then(() => {
        if (this.#closed) throw this.#options.lost(target, method, false);
        return send();
      });
    } catch (error) {
      if (!(error instanceof WindowFull)) throw error;
      const { waiting } = this.#window;
      this.#options.onFull?.(waiting);
      return Promise.reject(platformError("ISOLATION_BUSY", { waiting, what: callOf(target, method) }));
    }
  }

  #answer(
    target: string,
    method: string,
    args: unknown[],
    signals: ReceivedSignals | undefined,
    from: string | undefined,
  ): unknown {
    const handler = this.#handlers.get(target);
    if (handler === undefined) throw platformError("ISOLATION_NO_METHOD", { service: serviceOf(target), method });
    if (signals === undefined) return pending(handlerResult(handler, method, args, this.#aborts.closed, from));
    const { whole, done } = signals;
    if (whole?.aborted === true) {
      done();
      throw whole.reason; // nobody waits for it any more
    }
    const result = new Promise((resolve) => {
      resolve(handlerResult(handler, method, args, whole ?? this.#aborts.closed, from));
    });
    return pending(result.finally(done));
  }

  /** Sends what birpc has made: requests at once, answers when there is room for them. */
  #post(message: RpcMessage): void | Promise<void> {
    const { i: id } = message;
    if (message.t === "q") {
      const { a: call } = message;
      const places = call[3] as readonly SignalPlace[] | undefined;
      this.#send(
        places === undefined && call[4] === undefined
          ? [kinds.request, id, call[0], call[1], call[2]]
          : [kinds.request, id, call[0], call[1], call[2], places, call[4]],
      );
      return;
    }
    const answer: WireAnswer =
      message.e === undefined ? [kinds.answer, id, message.r] : [kinds.error, id, encodeError(message.e)];
    if (!this.#closed && !this.#channel.isWritable) return this.#answerLater(answer);
    this.#answering.delete(id);
    this.#send(answer);
  }

  async #answerLater(answer: WireAnswer): Promise<void> {
    while (!this.#closed && !this.#channel.isWritable) await this.#channel.whenWritable();
    this.#answering.delete(answer[1]);
    this.#send(answer);
  }

  #send(message: WireMessage): void {
    if (!this.#closed) this.#channel.send(message);
  }

  /** What the other end may make this throw is its fault. */
  #message(message: unknown): void {
    try {
      if (isWireMessage(message)) this.#take(message);
      else this.#unreadable("a message of an unknown form");
    } catch (error) {
      this.#unreadable(error instanceof Error ? error.message : String(error));
    }
  }

  #unreadable(reason: string): void {
    this.#options.onFault({ kind: "unreadable", reason });
  }

  #take(message: WireMessage): void {
    if (message[0] === kinds.request) {
      this.#requested(message);
    } else if (message[0] === kinds.abort) {
      this.#aborts.aborted(message[1], message[2]);
    } else {
      const [kind, i, r] = message;
      this.#receive(kind === kinds.answer ? { t: "s", i, r } : { t: "s", i, e: errorOf(message) });
    }
  }

  #requested([, id, target, method, args, places, from]: WireRequest): void {
    if (id !== undefined) {
      if (this.#answering.size >= this.#options.calls.inFlight + urgentCalls) {
        this.#options.onFault({ kind: "flood", calls: this.#answering.size });
        return;
      }
      if (this.#answering.has(id)) {
        this.#unreadable("two calls with the same id");
        return;
      }
      this.#answering.add(id);
    }
    // Now, as birpc calls the handler a little later, and the abort of a signal may be the next message.
    const signals = places === undefined ? undefined : this.#aborts.receive(args as unknown[], places);
    const call = { t: "q", m: "call", i: id, a: [target, method, args, signals, from] };
    this.#receive(call as unknown as RpcMessage);
  }

  /** A call that could not be sent ends as if that had been its answer; an answer says why there is none. */
  #unsent(message: WireMessage, error: NotCloneable | FrameTooLarge): void {
    const [kind, id] = message;
    if (kind === kinds.request) {
      if (id !== undefined) this.#receive({ t: "s", i: id, e: error });
    } else if (kind === kinds.answer || kind === kinds.error) {
      this.#send(unanswerable(id, error));
    }
  }
}

/** Stands for "the connection was closed" between birpc and the caller. */
const lostCall = new Error("the connection was closed");

/** The service that a target stands for. */
export function serviceOf(target: string): string {
  return target.slice(target.indexOf(":") + 1);
}

function callOf(target: string, method: string): string {
  return `the call of "${method}" on "${serviceOf(target)}"`;
}
