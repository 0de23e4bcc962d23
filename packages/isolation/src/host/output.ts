import type { Readable } from "node:stream";

/** A line longer than this is cut into several. */
const lineBytes = 8 * 1024;
const tailBytes = 8 * 1024;

/** Reads what a process writes, line by line, and keeps the end of it. */
export class Output {
  #line = "";
  #tail = "";

  constructor(stream: Readable, onLine: (line: string) => void) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      this.#tail = (this.#tail + text).slice(-tailBytes);
      const lines = (this.#line + text).split("\n");
      this.#line = lines.pop() ?? "";
      for (const line of lines) if (line !== "") onLine(line.slice(0, lineBytes));
      if (this.#line.length > lineBytes) {
        onLine(this.#line.slice(0, lineBytes));
        this.#line = "";
      }
    });
    stream.on("error", () => {});
    stream.on("close", () => {
      if (this.#line !== "") onLine(this.#line);
      this.#line = "";
    });
  }

  get tail(): string {
    return this.#tail;
  }
}
