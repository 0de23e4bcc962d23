/** How many calls may be under way, and how many may wait for that. */
export interface WindowLimits {
  readonly inFlight: number;
  readonly waiting: number;
}

/** Thrown when more calls wait than may. */
export class WindowFull extends Error {
  override readonly name = "WindowFull";
}

/** Lets so many calls be under way at once; the others wait in the order in which they came. */
export class CallWindow {
  readonly #limits: WindowLimits;
  /** Whether calls must wait for another reason. */
  readonly #isHeld: () => boolean;
  #inFlight = 0;
  readonly #waiting: (() => void)[] = [];
  /** The first of `#waiting` that still waits: taking from the front of a long array is slow. */
  #first = 0;

  constructor(limits: WindowLimits, isHeld: () => boolean) {
    this.#limits = limits;
    this.#isHeld = isHeld;
  }

  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  /**
   * Takes a place: at once, when `undefined` is returned, or when the returned promise settles.
   *
   * @throws WindowFull when too many wait already.
   */
  enter(): Promise<void> | undefined {
    if (this.#inFlight < this.#limits.inFlight && this.waiting === 0 && !this.#isHeld()) {
      this.#inFlight++;
      return undefined;
    }
    if (this.waiting >= this.#limits.waiting) throw new WindowFull();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Gives a place back. */
  leave(): void {
    this.#inFlight--;
    this.admit();
  }

  /** Lets in those who wait, as far as there is room. */
  admit(): void {
    while (this.waiting > 0 && this.#inFlight < this.#limits.inFlight && !this.#isHeld()) {
      this.#inFlight++;
      this.#next()?.();
    }
  }

  /** Lets everybody in: what they wait for will fail at once. */
  open(): void {
    while (this.waiting > 0) this.#next()?.();
  }

  #next(): (() => void) | undefined {
    const next = this.#waiting[this.#first++];
    if (this.#first === this.#waiting.length || this.#first >= 1024) {
      this.#waiting.splice(0, this.#first);
      this.#first = 0;
    }
    return next;
  }
}
