import type { Readable } from "node:stream";

/** A line longer than this is cut into several. */
const lineBytes = 8 * 1024;
const tailBytes = 8 * 1024;

/** Lines of one chunk that are passed on; of a chunk that has more, it is said how many were left out. */
const linesPerChunk = 200;

/**
 * Reads what a process writes, line by line, and keeps the end of it. One chunk is read in a turn of
 * the event loop, so that a process that never stops writing has to wait and nobody else does.
 */
export class Output {
  #line = "";
  #tail = "";

  constructor(stream: Readable, onLine: (line: string) => void) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      this.#tail = (this.#tail + text).slice(-tailBytes);
      this.#take(text, onLine);
      stream.pause();
      setImmediate(() => stream.resume());
    });
    stream.on("error", () => {});
    stream.on("close", () => {
      if (this.#line !== "") onLine(this.#line);
      this.#line = "";
    });
  }

  /** The last that was written, at most some kilobytes. */
  get tail(): string {
    return this.#tail;
  }

  #take(text: string, onLine: (line: string) => void): void {
    const parts = (this.#line + text).split("\n");
    this.#line = parts.pop() ?? "";
    const lines = parts.filter((line) => line !== "");
    for (const line of lines.slice(0, linesPerChunk)) onLine(line.slice(0, lineBytes));
    if (lines.length > linesPerChunk) onLine(`${lines.length - linesPerChunk} lines were left out: too many at once`);
    if (this.#line.length > lineBytes) {
      onLine(this.#line.slice(0, lineBytes));
      this.#line = "";
    }
  }
}
