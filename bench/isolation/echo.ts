import type { ChildProcess } from "node:child_process";

/** Something on the other side of a process boundary that gives back what it is given. */
export interface Echo {
  echo(value: unknown): Promise<unknown>;
}

/** An echo and what ends it. */
export interface OpenEcho extends Echo {
  close(): Promise<void> | void;
}

/** Calls that wait for their answers, by number. */
export class Waiting {
  readonly #resolves = new Map<number, (value: unknown) => void>();
  #next = 0;

  /** Calls `send` with a new number and resolves with what {@link Waiting.answer} is given for it. */
  call(send: (id: number) => void): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve) => {
      this.#resolves.set(id, resolve);
      send(id);
    });
  }

  answer(id: number, value: unknown): void {
    this.#resolves.get(id)?.(value);
    this.#resolves.delete(id);
  }
}

/** Waits for the end of a process. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => void child.once("exit", () => resolve()));
}
