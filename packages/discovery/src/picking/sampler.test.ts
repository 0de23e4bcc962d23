import fc from "fast-check";
import { expect, it } from "vitest";
import { instance, seededRandom } from "./instances.fixture.ts";
import { createSampler, drawTwo } from "./sampler.ts";
import { Target } from "./target.ts";

function targetsOf(weights: readonly number[]): Target[] {
  return weights.map((weight, index) => {
    const of = instance(`i${index}`, { weight });
    return new Target(of, of.endpoints[0] as never);
  });
}

it("gives each target exactly its share", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 50 }), (weights) => {
      const { keep, alias } = createSampler(targetsOf(weights));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const shares = weights.map((_, index) =>
        weights.reduce((sum, _other, position) => {
          const kept = keep?.[position] ?? 1;
          const given = alias?.[position] === index ? 1 - kept : 0;
          return sum + (position === index ? kept : 0) + given;
        }, 0),
      );
      for (const [index, weight] of weights.entries()) {
        expect(shares[index]).toBeCloseTo((weight * weights.length) / total, 6);
      }
    }),
  );
});

it("draws two different ones, each as often as any other", () => {
  const targets = targetsOf([1, 1, 1, 1]);
  const sampler = createSampler(targets);
  const random = seededRandom(1);
  const pairs = new Map<string, number>();
  for (let draw = 0; draw < 12_000; draw += 1) {
    drawTwo(sampler, random, (a, b) => {
      const pair = `${targets.indexOf(a)}${targets.indexOf(b)}`;
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      return a;
    });
  }
  expect(pairs.size).toBe(12);
  for (const count of pairs.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

it("draws two different ones also where weights differ", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 2, maxLength: 9 }),
      fc.integer(),
      (weights, seed) => {
        const sampler = createSampler(targetsOf(weights));
        const random = seededRandom(seed);
        for (let draw = 0; draw < 20; draw += 1) {
          drawTwo(sampler, random, (a, b) => {
            expect(a).not.toBe(b);
            return b;
          });
        }
      },
    ),
  );
});

it("has none of none and the one of one", () => {
  const [only] = targetsOf([5]);
  expect(drawTwo(createSampler([]), Math.random, (a) => a)).toBeUndefined();
  expect(drawTwo(createSampler([only as Target]), Math.random, (a) => a)).toBe(only);
});
