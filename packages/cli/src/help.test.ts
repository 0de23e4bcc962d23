import { expect, test } from "vitest";
import { platformctl } from "./command-line.fixture.ts";

test.each([
  ["modules", "show"],
  ["modules", "why"],
  ["modules", "graph"],
  ["errors"],
  ["config"],
  ["doctor"],
  ["completion"],
  ["migrations", "status"],
  ["migrations", "plan"],
  ["migrations", "verify"],
  ["migrations", "apply"],
  ["migrations", "new"],
])("%s %s: teaches by examples, and says what its exit codes mean", async (...command) => {
  const { code, stdout, stderr } = await platformctl([...command, "--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`Usage: platformctl ${command.join(" ")}`);
  expect(stdout).toContain("-C, --root <dir>");
  expect(stdout).toMatch(/\nExamples:\n( {2}.*platformctl .*\n)+/);
  expect(stdout).toMatch(/\nExit codes:\n {2}0 /);
});
