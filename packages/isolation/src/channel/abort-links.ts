import { decodeError } from "./errors.ts";
import { putSignals, type SignalPlace, wholeCall } from "./signals.ts";

/** The signals of a call that came in. */
export interface ReceivedSignals {
  /** The signal of the call as a whole, where it has one. */
  readonly whole: AbortSignal | undefined;
  /** To be called when the call has been answered: its signals are of no use any more. */
  done(): void;
}

/** Passes the abort of signals from one process to the other, in both directions. */
export class AbortLinks {
  readonly #controllers = new Map<number, AbortController>();
  readonly #closed = new AbortController();
  #lastId = 0;

  /** Aborts when the connection is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  readonly nextId = (): number => ++this.#lastId;

  /**
   * Puts the signals of a call that came in into its arguments.
   *
   * @param places as the other end says; ids that are in use already are left out.
   */
  receive(args: unknown[], places: readonly SignalPlace[]): ReceivedSignals {
    const ids: number[] = [];
    const signalOf = (id: number): AbortSignal => {
      let controller = this.#controllers.get(id);
      if (controller === undefined) {
        controller = new AbortController();
        this.#controllers.set(id, controller);
        ids.push(id);
      }
      return controller.signal;
    };
    putSignals(args, places, signalOf);
    const whole = places.find(([index]) => index === wholeCall);
    return {
      whole: whole === undefined ? undefined : signalOf(whole[2]),
      done: () => {
        for (const id of ids) this.#controllers.delete(id);
      },
    };
  }

  /** The other end has aborted a signal of a call. One that has been answered meanwhile is nobody's. */
  aborted(id: number, reason: unknown): void {
    this.#controllers.get(id)?.abort(decodeError(reason));
  }

  /**
   * Tells the other end when one of `signals` aborts while `answer` is awaited.
   *
   * @param abandon whether that also rejects what is returned, with the signal's reason.
   */
  passOn(
    signals: readonly AbortSignal[],
    ids: readonly number[],
    answer: Promise<unknown>,
    abandon: boolean,
    tell: (id: number, reason: unknown) => void,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const listeners = signals.map((signal, index) => {
        const onAbort = () => {
          tell(ids[index] as number, signal.reason);
          if (abandon) reject(signal.reason);
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
        return onAbort;
      });
      const end = () => {
        for (const [index, signal] of signals.entries()) {
          signal.removeEventListener("abort", listeners[index] as () => void);
        }
      };
      answer.then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }

  /** Aborts every signal that came in. */
  close(): void {
    const reason = new DOMException("the other process is gone", "AbortError");
    this.#closed.abort(reason);
    for (const controller of this.#controllers.values()) controller.abort(reason);
    this.#controllers.clear();
  }
}
