import { run } from "@plinth/cli";
import { expect, test } from "vitest";

/** Runs `platformctl permissions` on the helpdesk. */
async function permissions(...args: string[]): Promise<{ readonly code: number | undefined; readonly output: string }> {
  let output = "";
  const stream = {
    write: (text: string) => {
      output += text;
    },
  };
  const context = { cwd: import.meta.dirname, env: {}, stdout: stream, stderr: stream };
  const code = await run({ ...context, args: ["permissions", ...args] });
  return { code, output };
}

test("every permission that the code asks for is declared, and every one that is declared is asked for", async () => {
  expect(await permissions("check")).toEqual({
    code: 0,
    output: expect.stringMatching(/^\d+ uses in \d+ files, no problems\n$/),
  });
});

test("each has a description and a heading", async () => {
  const { output } = await permissions("list", "--json");
  const { permissions: listed } = JSON.parse(output) as {
    readonly permissions: readonly Readonly<Record<string, unknown>>[];
  };
  expect(listed.length).toBeGreaterThan(10);
  expect(listed.filter(({ description, group }) => description === null || group === null)).toEqual([]);
});
