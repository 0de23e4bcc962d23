import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import type { DevEvent } from "./display.ts";
import { textDisplay } from "./text-display.ts";

const source = "/office/modules/desk/src/index.ts";
const edited = { files: [source], generated: [] };

const running: DevEvent = {
  type: "running",
  url: "http://127.0.0.1:3000",
  modules: 9,
  without: [],
  others: [],
  reason: undefined,
  durationMs: 1_250,
  files: [],
  generated: [],
};
const changed: DevEvent = {
  type: "changed",
  change: { added: [], removed: [], reloaded: ["desk"], restarted: ["till", "lamp"], durationMs: 60, errors: [] },
  durationMs: 112.4,
  ...edited,
};
const failed: DevEvent = {
  type: "failed",
  problems: [
    {
      code: "LOAD_IMPORT_FAILED",
      message: "Expression expected",
      fix: "Mend it.",
      at: [{ file: "/office/modules/desk/src/main.ts" }],
      cause: `file://${source}?plinth-load=1:2\nconst a = 1 +;\n             ^\n\nSyntaxError: Expression expected\n    at x (node:internal/a:1:1)`,
    },
  ],
  goesOn: true,
  ...edited,
};

function shown(events: readonly DevEvent[], isTTY = false): string {
  let text = "";
  const stdout = {
    isTTY,
    write: (more: string) => {
      text += more;
    },
  };
  const display = textDisplay({ stdout, cwd: "/office", env: {} } as unknown as Context);
  for (const event of events) display.show(event);
  return text;
}

test("what happened is a line, with what was edited, what was reloaded and how long it took", () => {
  expect(shown([running, changed])).toBe(
    "dev: running on http://127.0.0.1:3000, 9 modules, in 1.3 s\n" +
      "dev: reloaded desk, restarted till, lamp in 112 ms (modules/desk/src/index.ts)\n",
  );
  expect(shown([changed], true)).toContain("▸");
});

test("many files are counted, and what was written is named", () => {
  const files = Array.from({ length: 7 }, (_, index) => `/office/modules/desk/${index}.ts`);
  expect(shown([{ ...changed, files, generated: ["/office/src/modules.gen.ts"] }])).toBe(
    "dev: reloaded desk, restarted till, lamp in 112 ms (modules/desk/0.ts, modules/desk/1.ts, modules/desk/2.ts and 4 more)\n" +
      "     wrote src/modules.gen.ts\n",
  );
});

test("a change that changed nothing is not worth a line", () => {
  const nothing = { added: [], removed: [], reloaded: [], restarted: [], durationMs: 1, errors: [] };
  expect(shown([{ ...changed, change: nothing }])).toBe("");
});

test("what is wrong is shown once with its place and its code, and again when it was right in between", () => {
  const text = shown([failed, failed]);
  expect(text).toBe(`
modules/desk/src/index.ts:2:14
  LOAD_IMPORT_FAILED: Expression expected
  also at modules/desk/src/main.ts
  fix: Mend it.
    const a = 1 +;
                 ^

dev: 1 problem; what ran before goes on (modules/desk/src/index.ts)
dev: the same is still wrong (modules/desk/src/index.ts)
`);
  expect(shown([failed, changed, failed]).match(/Expression expected/g)).toHaveLength(2);
});

test("that nothing runs, why all was restarted, and how the platform ended is said", () => {
  expect(shown([{ ...failed, goesOn: false }])).toContain("1 problem; nothing runs until this is mended");
  expect(shown([{ ...running, reason: "http in platform.yaml changed", without: ["lamp"] }])).toBe(
    "dev: restarted as a whole, because http in platform.yaml changed: on http://127.0.0.1:3000, 9 modules, without lamp, in 1.3 s\n",
  );
  expect(shown([{ type: "ended", how: "by SIGKILL" }])).toBe(
    "dev: the platform ended by SIGKILL; it is started again with the next change\n",
  );
});
