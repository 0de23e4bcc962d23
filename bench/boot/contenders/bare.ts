import type { Boot } from "../contender.ts";

/** The limit: order the modules (Kahn) and start each when those it needs have started. Nothing else. */
export const boot: Boot = async ({ count, needs }, start) => {
  const neededBy: number[][] = Array.from({ length: count }, () => []);
  const waiting = needs.map((each, module) => {
    for (const need of each) neededBy[need]?.push(module);
    return each.length;
  });
  await new Promise<void>((resolve, reject) => {
    let open = count;
    const begin = (module: number): void => {
      start().then(() => {
        open -= 1;
        if (open === 0) resolve();
        for (const next of neededBy[module] ?? []) {
          waiting[next] = (waiting[next] ?? 0) - 1;
          if (waiting[next] === 0) begin(next);
        }
      }, reject);
    };
    waiting.forEach((needed, module) => {
      if (needed === 0) begin(module);
    });
  });
};
