import { createInterface } from "node:readline";
import type { Context } from "../context.ts";

/** Whether there is somebody at a terminal to ask. */
export function canAsk({ stdin = process.stdin, stderr }: Context): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks a question that is agreed to by y or yes. Anything else, Ctrl-C, and the end of the input are a no. */
export function ask({ stdin = process.stdin, stderr }: Context, question: string): Promise<boolean> {
  stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: stdin });
  return new Promise((resolve) => {
    lines.once("line", (answer) => {
      resolve(/^y(?:es)?$/i.test(answer.trim()));
      lines.close();
    });
    lines.once("close", () => resolve(false));
  });
}
