import fc from "fast-check";
import { plainData } from "./yaml-texts.fixture.ts";

const odd = fc.oneof(
  plainData,
  fc.constantFrom(undefined, null, 1, true, "", "x", [], {}, "1.0", "^1.0.0", "30s", "../x"),
);
const mostly = (usual: fc.Arbitrary<unknown>) => fc.oneof({ weight: 15, arbitrary: usual }, odd);
const either = (good: readonly string[], bad: readonly string[]) =>
  fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...good) }, fc.constantFrom(...bad));
const range = mostly(either(["^1.0.0", "*", "~2", ">=1 <2"], ["one", ">=1 <", "", "x".repeat(300)]));
const name = either(
  ["tickets", "a-b", "x1", `a${"b".repeat(62)}`],
  [`a${"b".repeat(63)}`, "A", "1a", "\u0430", "a_b", ""],
);
const dependency = fc.oneof(
  range,
  fc.record({ version: range, optional: mostly(fc.boolean()) }, { requiredKeys: ["version"] }),
  fc.record({ version: range, optional: mostly(fc.boolean()), extra: odd }, { requiredKeys: [] }),
);
const duration = mostly(either(["30s", "500ms", "1.5m"], ["0s", "25h", "1441m", "30"]));
/** Core keys of manifests, most of them in order. */
export const coreInput: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    name: mostly(name),
    version: mostly(either(["1.0.0", "1.2.3-rc.1+b"], ["1.0", "v1.0.0", "01.0.0", `1.0.0-${"x".repeat(300)}`])),
    description: mostly(fc.string()),
    platform: range,
    dependencies: mostly(fc.dictionary(name, dependency, { maxKeys: 3 })),
    main: mostly(either(["src/x.ts", "./x"], ["/x", "a/../b", "a\\b", ""])),
    critical: mostly(fc.boolean()),
    timeouts: mostly(fc.record({ start: duration, stop: duration }, { requiredKeys: [] })),
    extra: odd,
  },
  { requiredKeys: ["name", "version"] },
);
