import type { Output } from "../context.ts";

/** A line on a terminal that says how far several tests are; nothing elsewhere. */
export interface Progress extends Disposable {
  began(module: string): void;
  ended(module: string, passed: boolean): void;
}

/** @param total how many there will be. */
export function createProgress(output: Output, total: number): Progress {
  const running = new Set<string>();
  let [done, failed] = [0, 0];
  const draw = (): void => {
    if (output.isTTY !== true) return;
    const state = `${done}/${total}${failed === 0 ? "" : `, ${failed} failed`}  ${[...running].join(", ")}`;
    // Some terminals do not say how wide they are.
    output.write(`\r\x1b[2K${state.slice(0, (output.columns || 80) - 1)}`);
  };
  return {
    began(module) {
      running.add(module);
      draw();
    },
    ended(module, passed) {
      running.delete(module);
      done += 1;
      if (!passed) failed += 1;
      draw();
    },
    [Symbol.dispose]() {
      if (output.isTTY === true) output.write("\r\x1b[2K");
    },
  };
}
