import { decodeError, isRecord, type WireError } from "./errors.ts";
import { NotCloneable } from "./frame.ts";
import { FrameTooLarge } from "./frame-channel.ts";
import type { SignalPlace } from "./signals.ts";

/** What a message is; it stands first in it. */
export const kinds = { request: 1, abort: 2, answer: 3, error: 4, unanswerable: 5 } as const;

/** A call; without an id it is not answered. */
export type WireRequest = readonly [
  kind: typeof kinds.request,
  id: string | undefined,
  target: string,
  method: string,
  args: readonly unknown[],
  places?: readonly SignalPlace[] | undefined,
  from?: string | undefined,
];

/** The abort of a signal of a call. */
export type WireAbort = readonly [kind: typeof kinds.abort, id: number, reason: WireError];

/** What a handler returned, what it threw, or why what it returned could not be sent. */
export type WireAnswer =
  | readonly [kind: typeof kinds.answer, id: string, value: unknown]
  | readonly [kind: typeof kinds.error, id: string, error: WireError]
  | readonly [kind: typeof kinds.unanswerable, id: string, fault: { readonly size?: number; readonly reason?: string }];

/** An array for its compactness: names of keys would be sent with each message. */
export type WireMessage = WireRequest | WireAbort | WireAnswer;

/** Checks the form of what came in, as far as it is relied on. */
export function isWireMessage(message: unknown): message is WireMessage {
  if (!Array.isArray(message)) return false;
  const kind = message[0];
  if (kind === kinds.request) return isRequest(message);
  if (kind === kinds.abort) return typeof message[1] === "number";
  return (
    (kind === kinds.answer || kind === kinds.error || kind === kinds.unanswerable) && typeof message[1] === "string"
  );
}

/** By position, as this runs for each message and taking the array apart costs another one. */
function isRequest(message: readonly unknown[]): boolean {
  const id = message[1];
  const places = message[5];
  const from = message[6];
  return (
    (id === undefined || typeof id === "string") &&
    typeof message[2] === "string" &&
    typeof message[3] === "string" &&
    Array.isArray(message[4]) &&
    (places === undefined || (Array.isArray(places) && places.every(isPlace))) &&
    (from === undefined || typeof from === "string")
  );
}

function isPlace(place: unknown): place is SignalPlace {
  if (!Array.isArray(place)) return false;
  const [argument, key, id] = place;
  return Number.isInteger(argument) && (key === undefined || typeof key === "string") && Number.isInteger(id);
}

/** Says of an error that the answer could not be sent, and not the call. */
export class AnswerUnsent extends Error {
  override readonly name = "AnswerUnsent";
  readonly fault: NotCloneable | FrameTooLarge;

  constructor(fault: NotCloneable | FrameTooLarge) {
    super(fault.message);
    this.fault = fault;
  }
}

/** The error that an answer stands for; `undefined` when it stands for a value. */
export function errorOf([kind, , what]: WireAnswer): unknown {
  if (kind === kinds.error) return decodeError(what);
  if (kind !== kinds.unanswerable) return undefined;
  const { size, reason } = isRecord(what) ? what : {};
  return new AnswerUnsent(
    typeof size === "number" ? new FrameTooLarge(size) : new NotCloneable(String(reason ?? "for a reason unknown")),
  );
}

/** What to answer instead of a value that cannot be sent. */
export function unanswerable(id: string, error: NotCloneable | FrameTooLarge): WireAnswer {
  const fault = error instanceof FrameTooLarge ? { size: error.size } : { reason: error.message };
  return [kinds.unanswerable, id, fault];
}
