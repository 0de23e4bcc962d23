import { styleText } from "node:util";
import type { Context, Output } from "../context.ts";

/** Gives texts for a terminal their looks. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
}

/** A paint that changes nothing unless it is `enabled`. */
export function createPaint(enabled: boolean): Paint {
  const style = (format: keyof Paint) => (text: string) =>
    enabled ? styleText(format, text, { validateStream: false }) : text;
  return { bold: style("bold"), dim: style("dim"), red: style("red"), green: style("green") };
}

/** Whether to write in colour: only on a terminal that can, and not when `NO_COLOR` is set. */
export function wantsColour(output: Output, env: Context["env"]): boolean {
  return output.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}
