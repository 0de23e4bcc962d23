/** A signal that was taken out of a call's arguments: of which argument, under which key of it, and its number. */
export type SignalPlace = readonly [argument: number, key: string | undefined, id: number];

/** The place of the signal that belongs to the call as a whole. */
export const wholeCall = -1;

/** A call's arguments without the signals, which cannot be copied. */
export interface TakenSignals {
  readonly args: readonly unknown[];
  readonly places: readonly SignalPlace[];
  readonly signals: readonly AbortSignal[];
}

/**
 * Takes every AbortSignal out that is an argument, or a property of an argument that is a plain
 * object. `undefined` where there is none, which is the common case and costs next to nothing.
 */
export function takeSignals(args: readonly unknown[], nextId: () => number): TakenSignals | undefined {
  let found: { args: unknown[]; places: SignalPlace[]; signals: AbortSignal[] } | undefined;
  for (let index = 0; index < args.length; index++) {
    const value = args[index];
    if (typeof value !== "object" || value === null) continue;
    if (value instanceof AbortSignal) {
      found ??= { args: [...args], places: [], signals: [] };
      found.args[index] = undefined;
      found.places.push([index, undefined, nextId()]);
      found.signals.push(value);
    } else if (isPlain(value)) {
      for (const key in value) {
        const property = value[key];
        if (!(property instanceof AbortSignal)) continue;
        found ??= { args: [...args], places: [], signals: [] };
        found.args[index] = { ...(found.args[index] as object), [key]: undefined };
        found.places.push([index, key, nextId()]);
        found.signals.push(property);
      }
    }
  }
  return found;
}

/** Puts signals back where they were. Places that do not fit are left out. */
export function putSignals(
  args: unknown[],
  places: readonly SignalPlace[],
  signalOf: (id: number) => AbortSignal,
): void {
  for (const [index, key, id] of places) {
    if (index < 0 || index >= args.length) continue;
    if (key === undefined) {
      args[index] = signalOf(id);
      continue;
    }
    const argument = args[index];
    if (isPlain(argument) && Object.hasOwn(argument, key)) argument[key] = signalOf(id);
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
