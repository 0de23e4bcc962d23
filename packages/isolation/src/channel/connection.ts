import type { Socket } from "node:net";
import { platformError } from "@plinth/module";
import { type BirpcReturn, createBirpc } from "birpc";
import { AbortLinks } from "./abort-links.ts";
import { CallWindow, WindowFull, type WindowLimits } from "./call-window.ts";
import { decodeError, encodeError, isRecord } from "./errors.ts";
import { type ChannelFault, type ChannelLimits, FrameChannel } from "./frame-channel.ts";
import { type SignalPlace, takeSignals, wholeCall } from "./signals.ts";
import { sendingError } from "./unsendable.ts";

/** Answers calls of one target. `signal` aborts when the caller has given up, or is gone. */
export type CallHandler = (method: string, args: unknown[], signal: AbortSignal, from: unknown) => unknown;

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly channel: ChannelLimits;
  readonly calls: WindowLimits;
  /** The error of a call that finds the connection closed, or is under way (`sent`) when it closes. */
  lost(target: string, method: string, sent: boolean): unknown;
  /** The other end does not keep to the rules. The connection is of no use any more. */
  onFault(fault: ConnectionFault): void;
  /** The stream is closed, by whichever end. */
  onEnd(): void;
  /** More calls wait at this end than may; the call that is one too many is rejected. */
  onFull?(waiting: number): void;
}

/** What the other end did. */
export type ConnectionFault = ChannelFault | { readonly kind: "flood"; readonly calls: number };

export interface CallOptions {
  /** Abandons the call here, and aborts the handler's signal over there. */
  readonly signal?: AbortSignal | undefined;
  /** Handed to the handler as it is. */
  readonly from?: unknown;
  /** Goes out however many calls are under way, and is waited for even when its signals abort. */
  readonly urgent?: boolean;
}

type Local = {
  call(target: string, method: string, args: unknown[], places?: readonly SignalPlace[], from?: unknown): unknown;
  abort(id: number, reason: unknown): void;
};

/** The answer of a handler, with what to call it should it turn out that it cannot be sent. */
class Answer {
  readonly value: unknown;
  readonly what: string;

  constructor(value: unknown, what: string) {
    this.value = value;
    this.what = what;
  }
}

/** Calls that may come in beyond the window, for those that go out past the other end's window. */
const urgentCalls = 64;

/**
 * Calls in both directions between two processes. Each end may have so many calls under way, and
 * more wait their turn; an end that has more than that is at fault, and the connection ends.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #channel: FrameChannel;
  readonly #rpc: BirpcReturn<Local, Local, false>;
  readonly #window: CallWindow;
  readonly #handlers = new Map<string, CallHandler>();
  readonly #aborts = new AbortLinks();
  /** Calls of the other end that have not been answered yet. */
  readonly #answering = new Set<string>();
  #receive: (message: unknown) => void = () => {};
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#channel = new FrameChannel(options.socket, options.channel, {
      onMessage: (message) => this.#message(message),
      onBroken: (fault) => options.onFault(fault),
      onEnd: () => options.onEnd(),
    });
    this.#window = new CallWindow(options.calls, () => !this.#channel.isWritable);
    const local: Local = Object.assign(Object.create(null), {
      call: (target: string, method: string, args: unknown[], places?: readonly SignalPlace[], from?: unknown) =>
        this.#answer(target, method, args, places, from),
      abort: (id: number, reason: unknown) => this.#aborts.aborted(id, reason),
    });
    this.#rpc = createBirpc<Local, Local, false>(local, {
      proxify: false,
      timeout: -1,
      post: (message: WireMessage) => (message.t === "q" ? this.#channel.send(message) : this.#sendAnswer(message)),
      on: (receive) => {
        this.#receive = receive;
      },
      // Answers that could not be sent have been seen to; an error of our own call goes to its caller.
      onGeneralError: (_error, method) => method !== undefined,
    });
  }

  /** Aborts when the connection is closed. */
  get signal(): AbortSignal {
    return this.#aborts.closed;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Bytes may wait to be written; beyond a limit it is better to send nothing that can be left out. */
  get isWritable(): boolean {
    return this.#channel.isWritable;
  }

  /** Answers calls of `target` from now on. */
  serve(target: string, handler: CallHandler): void {
    this.#handlers.set(target, handler);
  }

  /**
   * Calls the other end. An AbortSignal that is an argument, or a property of one, is passed on; when it
   * aborts, the call rejects with its reason at once.
   *
   * @throws PlatformError `ISOLATION_BUSY`, `ISOLATION_NOT_CLONEABLE`, `ISOLATION_MESSAGE_TOO_LARGE`.
   * @throws what the handler threw, or what `lost` gives when the connection is or gets closed.
   */
  async call(target: string, method: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    if (this.#closed) throw this.#options.lost(target, method, false);
    const taken = takeSignals(args, this.#aborts.nextId);
    const signals = [...(taken?.signals ?? []), ...(options.signal === undefined ? [] : [options.signal])];
    const places = [...(taken?.places ?? [])];
    if (options.signal !== undefined) places.push([wholeCall, undefined, this.#aborts.nextId()]);
    const { urgent = false } = options;
    if (!urgent) {
      for (const signal of signals) signal.throwIfAborted();
      await this.#enter(target, method);
      try {
        for (const signal of signals) signal.throwIfAborted();
      } catch (reason) {
        this.#window.leave();
        throw reason;
      }
    }
    const request = [
      target,
      method,
      taken?.args ?? args,
      ...(places.length > 0 || options.from !== undefined ? [places, options.from] : []),
    ];
    const answer = this.#send(target, method, request, urgent);
    if (signals.length === 0) return answer;
    return this.#aborts.passOn(
      signals,
      places.map(([, , id]) => id),
      answer,
      !urgent,
      (id, reason) => this.#emit("abort", [id, encodeError(reason)]),
    );
  }

  /** Tells the other end something that needs no answer, past those who wait. */
  tell(target: string, method: string, args: readonly unknown[]): void {
    this.#emit("call", [target, method, args]);
  }

  /** Writes what was sent now, not at the end of the turn, which may never come. */
  flush(): void {
    this.#channel.flush();
  }

  /** Rejects what is under way and closes the stream, after what was sent has been written. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#channel.close();
    this.#abandon();
  }

  /** Rejects what is under way and closes the stream at once. */
  destroy(): void {
    this.#channel.destroy();
    if (this.#closed) return;
    this.#closed = true;
    this.#abandon();
  }

  #abandon(): void {
    this.#window.open();
    void this.#rpc.$rejectPendingCalls(({ reject }) => reject(lostCall));
    this.#rpc.$close();
    this.#aborts.close();
    this.#handlers.clear();
    this.#answering.clear();
  }

  async #enter(target: string, method: string): Promise<void> {
    let place: Promise<void> | undefined;
    try {
      place = this.#window.enter();
    } catch (error) {
      if (!(error instanceof WindowFull)) throw error;
      const { waiting } = this.#window;
      this.#options.onFull?.(waiting);
      throw platformError("ISOLATION_BUSY", { waiting, what: callOf(target, method) });
    }
    if (place === undefined) return;
    if (!this.#channel.isWritable) void this.#channel.whenWritable().then(() => this.#window.admit());
    await place;
    if (this.#closed) throw this.#options.lost(target, method, false);
  }

  async #send(target: string, method: string, request: unknown[], urgent: boolean): Promise<unknown> {
    try {
      return await this.#rpc.$callRaw({ method: "call", args: request });
    } catch (error) {
      if (error === lostCall) throw this.#options.lost(target, method, true);
      throw sendingError(error, callOf(target, method), request[2], this.#options.channel.messageBytes);
    } finally {
      if (!urgent) this.#window.leave();
    }
  }

  #emit(method: keyof Local, args: unknown[]): void {
    if (this.#closed) return;
    this.#channel.send({ t: "q", m: method, a: args });
  }

  /** Checks the form of what came in; what it asks for is checked by the handlers. */
  #message(message: unknown): void {
    if (isAnswer(message)) {
      this.#receive("e" in message ? { ...message, e: decodeError(message.e) } : message);
    } else if (!isRequest(message) || (message.i !== undefined && this.#answering.has(message.i))) {
      this.#options.onFault({ kind: "unreadable", reason: "a message of an unknown form" });
    } else if (message.i !== undefined && this.#answering.size >= this.#options.calls.inFlight + urgentCalls) {
      this.#options.onFault({ kind: "flood", calls: this.#answering.size });
    } else {
      if (message.i !== undefined) this.#answering.add(message.i);
      this.#receive(message);
    }
  }

  async #answer(
    target: string,
    method: string,
    args: unknown[],
    places: readonly SignalPlace[] = [],
    from: unknown = undefined,
  ): Promise<Answer> {
    const handler = this.#handlers.get(target);
    if (handler === undefined) throw platformError("ISOLATION_NO_METHOD", { service: serviceOf(target), method });
    const received = places.length === 0 ? undefined : this.#aborts.receive(args, places);
    try {
      const value = await handler(method, args, received?.whole ?? this.#aborts.closed, from);
      return new Answer(value, `the answer to ${callOf(target, method)}`);
    } catch (thrown) {
      throw thrown || new Error(`${String(thrown)} was thrown`);
    } finally {
      received?.done();
    }
  }

  #sendAnswer(message: WireAnswer): void | Promise<void> {
    return this.#channel.isWritable || this.#closed ? this.#writeAnswer(message) : this.#answerLater(message);
  }

  async #answerLater(message: WireAnswer): Promise<void> {
    while (!this.#closed && !this.#channel.isWritable) await this.#channel.whenWritable();
    this.#writeAnswer(message);
  }

  #writeAnswer({ i, r, e }: WireAnswer): void {
    if (this.#closed) return;
    try {
      this.#channel.send(e === undefined ? { t: "s", i, r: (r as Answer).value } : { t: "s", i, e: encodeError(e) });
    } catch (error) {
      const what = r instanceof Answer ? r.what : "an error";
      const { messageBytes } = this.#options.channel;
      this.#channel.send({ t: "s", i, e: encodeError(sendingError(error, what, undefined, messageBytes)) });
    }
    this.#answering.delete(i);
  }
}

function isAnswer(message: unknown): message is WireAnswer {
  return isRecord(message) && message.t === "s" && typeof message.i === "string";
}

function isRequest(message: unknown): message is { readonly i: string | undefined } {
  if (!isRecord(message) || message.t !== "q" || !Array.isArray(message.a)) return false;
  if (message.i !== undefined && typeof message.i !== "string") return false;
  const [target, method, args] = message.a;
  if (message.m === "call") return typeof target === "string" && typeof method === "string" && Array.isArray(args);
  return message.m === "abort";
}

type WireAnswer = { readonly t: "s"; readonly i: string; readonly r?: unknown; readonly e?: unknown };
type WireMessage = { readonly t: "q" } | WireAnswer;

/** Stands for "the connection was closed" between birpc and the caller. */
const lostCall = new Error("the connection was closed");

/** The service that a target stands for. */
export function serviceOf(target: string): string {
  return target.slice(target.indexOf(":") + 1);
}

function callOf(target: string, method: string): string {
  return `the call of "${method}" on "${serviceOf(target)}"`;
}
