import type { Paint } from "./paint.ts";

/** A unified diff with its lines in colour. */
export function paintDiff(text: string, paint: Paint): string {
  return text.split("\n").map(paintLine).join("\n");

  function paintLine(line: string): string {
    if (/^(?:---|\+\+\+|rename |remove )/.test(line)) return paint.bold(line);
    if (line.startsWith("@@")) return paint.dim(line);
    return line.startsWith("-") ? paint.red(line) : line.startsWith("+") ? paint.green(line) : line;
  }
}
