import type { Socket } from "node:net";
import { FrameWriter, headerBytes, messagesPerFrame, type NotCloneable, readFrame, Unreadable } from "./frame.ts";

/** What a channel lets through. */
export interface ChannelLimits {
  /** The most bytes that one message may have. */
  readonly messageBytes: number;
  /** With more bytes than these waiting to be written, nothing more is given to the channel that can wait. */
  readonly bufferedBytes: number;
}

export interface ChannelEvents {
  onMessage(message: unknown): void;
  /** A message was not sent: it is a {@link NotCloneable}, or {@link FrameTooLarge}. */
  onUnsent(message: unknown, error: NotCloneable | FrameTooLarge): void;
  /** The other end does not follow the form. Nothing is read after that. */
  onBroken(fault: ChannelFault): void;
  /** The stream is closed, by whichever end. Called once. */
  onEnd(): void;
}

/** Why a channel was given up. */
export type ChannelFault =
  | { readonly kind: "too-large"; readonly size: number }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Says of a message that it is over the limit. */
export class FrameTooLarge extends Error {
  override readonly name = "FrameTooLarge";
  readonly size: number;

  constructor(size: number) {
    super(`a message of ${size} bytes`);
    this.size = size;
  }
}

/** After this many messages in one turn of the event loop the others wait, so that nobody else starves. */
const messagesPerTurn = 2 * messagesPerFrame;

/** The same in bytes. */
const bytesPerTurn = 4 * 1024 * 1024;

/** Frames up to this many bytes together are written as one. */
const joinedBytes = 256 * 1024;

/**
 * Messages over a stream of bytes. Those of one turn are written together, and only so many are
 * handled in one turn: while more are there the stream is not read, and its other end has to wait.
 */
export class FrameChannel {
  readonly #socket: Socket;
  readonly #limits: ChannelLimits;
  readonly #events: ChannelEvents;
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  /** Bytes that must be there before there is anything to do. */
  #wanted = headerBytes;
  #resting = false;
  #closed = false;
  #ended = false;
  #told = false;
  #unwritten: Buffer[] = [];
  #unwrittenBytes = 0;
  #waiting: (() => void)[] = [];
  readonly #writer: FrameWriter;
  readonly #flushLater = (): void => this.flush();
  readonly #deliver = (message: unknown): boolean => {
    this.#events.onMessage(message);
    return !this.#closed;
  };

  constructor(socket: Socket, limits: ChannelLimits, events: ChannelEvents) {
    this.#socket = socket;
    this.#limits = limits;
    this.#events = events;
    this.#writer = new FrameWriter((message, error) => events.onUnsent(message, error));
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => this.#wake());
    socket.on("error", () => this.#end());
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#end());
  }

  /** Whether little enough waits to be written. */
  get isWritable(): boolean {
    return this.#unwrittenBytes + this.#socket.writableLength < this.#limits.bufferedBytes;
  }

  /** Settles when {@link isWritable} may have become true, or the channel is closed. */
  whenWritable(): Promise<void> {
    if (this.#closed || this.isWritable) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Sends a copy of `message`, as it is now, at the end of this turn. Does nothing once the channel is closed. */
  send(message: unknown): void {
    if (this.#closed) return;
    if (this.#unwritten.length === 0) process.nextTick(this.#flushLater);
    this.#add(message);
  }

  /** Writes what was sent, then closes. Nothing is received any more, but {@link ChannelEvents.onEnd} is still called. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#socket.end();
    this.#drop();
  }

  /** Closes at once. */
  destroy(): void {
    this.#closed = true;
    this.#socket.destroy();
    this.#drop();
  }

  /** Writes what was sent now, not at the end of the turn, which may never come. */
  flush(): void {
    if (this.#closed) return;
    const frames = this.#unwritten;
    const bytes = this.#unwrittenBytes;
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    if (frames.length === 1) {
      this.#socket.write(frames[0] as Buffer);
    } else if (bytes <= joinedBytes) {
      if (bytes > 0) this.#socket.write(Buffer.concat(frames, bytes));
    } else {
      this.#socket.cork();
      for (const frame of frames) this.#socket.write(frame);
      this.#socket.uncork();
    }
  }

  /**
   * A frame for one message. In one with several an object that is in two of them would be copied once,
   * as it was in the first, and both receivers would share it.
   */
  #add(message: unknown): void {
    this.#writer.add(message);
    if (this.#writer.count === 0) return;
    const { frame } = this.#writer.take();
    if (frame.length - headerBytes > this.#limits.messageBytes) {
      this.#events.onUnsent(message, new FrameTooLarge(frame.length - headerBytes));
      return;
    }
    this.#unwritten.push(frame);
    this.#unwrittenBytes += frame.length;
  }

  #take(chunk: Buffer): void {
    if (this.#closed) return;
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (!this.#resting && this.#unreadBytes >= this.#wanted) this.#handle();
  }

  /** Handles the messages that are complete, a bounded number of them. */
  #handle(): void {
    let bytes = this.#unread.length === 1 ? (this.#unread[0] as Buffer) : Buffer.concat(this.#unread);
    let handled = 0;
    let handledBytes = 0;
    for (;;) {
      this.#wanted = headerBytes;
      if (bytes.length < this.#wanted) break;
      const size = bytes.readUInt32LE(0);
      if (size > this.#limits.messageBytes) {
        this.#break({ kind: "too-large", size });
        return;
      }
      const count = bytes.readUInt32LE(4);
      if (count > messagesPerFrame) {
        this.#break({ kind: "unreadable", reason: `a frame of ${count} messages` });
        return;
      }
      this.#wanted += size;
      if (bytes.length < this.#wanted) break;
      if (handled >= messagesPerTurn || handledBytes >= bytesPerTurn) {
        this.#rest();
        break;
      }
      handled += count;
      handledBytes += size;
      const body = bytes.subarray(headerBytes, this.#wanted);
      bytes = bytes.subarray(this.#wanted);
      if (!this.#handleFrame(body, count)) return;
    }
    this.#unread = bytes.length === 0 ? [] : [bytes];
    this.#unreadBytes = bytes.length;
  }

  /** Whether there may be more frames. */
  #handleFrame(body: Buffer, count: number): boolean {
    try {
      readFrame(body, count, this.#deliver);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.#break({ kind: "unreadable", reason: error.message });
    }
    return !this.#closed;
  }

  #rest(): void {
    this.#resting = true;
    this.#socket.pause();
    setImmediate(() => {
      this.#resting = false;
      if (this.#closed) return;
      if (this.#unreadBytes >= this.#wanted) this.#handle();
      if (!this.#resting && !this.#closed) this.#socket.resume();
      if (this.#ended && !this.#resting) this.#end();
    });
  }

  #break(fault: ChannelFault): void {
    this.destroy();
    this.#events.onBroken(fault);
  }

  #end(): void {
    this.#ended = true;
    if (this.#resting || this.#told) return; // what was received before is handled first
    this.#told = true;
    this.destroy();
    this.#events.onEnd();
  }

  #drop(): void {
    this.#unread = [];
    this.#unreadBytes = 0;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
