import { DefaultDeserializer, DefaultSerializer } from "node:v8";

/** Bytes before each frame: how long it is without them, and how many messages it holds; unsigned, little-endian. */
export const headerBytes = 8;

/** The most messages that one frame may hold, so that the work that a frame makes is bounded. */
export const messagesPerFrame = 64;

/** Thrown for a message that cannot be copied. */
export class NotCloneable extends Error {
  override readonly name = "NotCloneable";
}

/** Messages on their way into one frame. An object that is in several of them is copied once, as it was in the first. */
export class FrameWriter {
  readonly #onUnsent: (message: unknown, error: NotCloneable) => void;
  #serializer: DefaultSerializer | undefined;
  #messages: unknown[] = [];

  /** @param onUnsent is told of a message that could not be taken. */
  constructor(onUnsent: (message: unknown, error: NotCloneable) => void) {
    this.#onUnsent = onUnsent;
  }

  get count(): number {
    return this.#messages.length;
  }

  /** Takes a copy of `message`, as it is now. */
  add(message: unknown): void {
    this.#serializer ??= newSerializer();
    try {
      this.#serializer.writeValue(message);
    } catch (cause) {
      // The serializer holds half a message now: what was taken before goes into another one.
      const taken = this.#messages;
      this.#reset();
      for (const before of taken) this.add(before);
      this.#onUnsent(message, new NotCloneable(cause instanceof Error ? cause.message : String(cause), { cause }));
      return;
    }
    this.#messages.push(message);
  }

  /** The frame, and the messages in it. The writer is empty after that. */
  take(): { readonly frame: Buffer; readonly messages: readonly unknown[] } {
    const messages = this.#messages;
    const frame = (this.#serializer ?? newSerializer()).releaseBuffer();
    frame.writeUInt32LE(frame.length - headerBytes, 0);
    frame.writeUInt32LE(messages.length, 4);
    this.#reset();
    return { frame, messages };
  }

  #reset(): void {
    this.#serializer = undefined;
    this.#messages = [];
  }
}

function newSerializer(): DefaultSerializer {
  const serializer = new DefaultSerializer();
  serializer.writeRawBytes(noHeader);
  serializer.writeHeader();
  return serializer;
}

const noHeader = Buffer.alloc(headerBytes);

/**
 * Reads the messages of a frame one by one, for as long as `take` returns true.
 *
 * @param body the frame without its header.
 * @throws Unreadable when the bytes make no sense.
 */
export function readFrame(body: Buffer, count: number, take: (message: unknown) => boolean): void {
  const deserializer = new DefaultDeserializer(body);
  let message: unknown;
  for (let index = 0; index < count; index++) {
    try {
      if (index === 0) deserializer.readHeader();
      message = deserializer.readValue();
    } catch (cause) {
      throw new Unreadable(cause instanceof Error ? cause.message : String(cause), { cause });
    }
    if (!take(message)) return;
  }
}

/** Thrown for bytes that are no frame. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}
