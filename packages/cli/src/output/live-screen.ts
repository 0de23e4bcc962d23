import type { Output } from "../context.ts";

const home = "\u001b[H";
const clearLine = "\u001b[K";
const clearBelow = "\u001b[J";
const clearScreen = "\u001b[2J";

/** A terminal's screen that shows one thing, always the latest. */
export class LiveScreen {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
    output.write(clearScreen);
  }

  /** Draws lines in place of the last ones; those that find no room are counted. */
  draw(lines: readonly string[]): void {
    const { rows = 24 } = this.#output;
    // The last line stays free, so that nothing scrolls.
    const room = Math.max(rows - 1, 4);
    const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `and ${lines.length - room + 1} more`];
    this.#output.write(`${home}${shown.map((line) => `${line}${clearLine}\n`).join("")}${clearBelow}`);
  }
}
