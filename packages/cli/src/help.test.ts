import { expect, test } from "vitest";
import { platformctl } from "./command-line.fixture.ts";
import { commandsOf } from "./command-tree.ts";
import { type OutputName, outputShapes } from "./output/shapes/shapes.ts";
import { createProgram } from "./program.ts";

const nothing = { write: () => {} };
const program = createProgram({ args: [], cwd: "/", env: {}, stdout: nothing, stderr: nothing }, () => {});
const commands = commandsOf(program);
const named = commands.map(({ name }) => name);
const withJson = commands.filter(({ command }) => command.options.some(({ long }) => long === "--json"));

test.each(named)("%s: teaches by examples, and says what its exit codes mean", async (name) => {
  const words = name.split(" ");
  const { code, stdout, stderr } = await platformctl([...words, "--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(`Usage: platformctl ${name}`);
  expect(stdout).toContain("-C, --root <dir>");
  expect(stdout).toMatch(/\nExamples:\n(?: {2}\S.*\n)*? {2}.*platformctl .*\n/);
  expect(stdout).toMatch(/\nExit codes:\n {2}0 /);
});

test("every command with --json has a shape, and every shape a command", () => {
  const shapes = Object.keys(outputShapes).map((name) => name.replace(/ --.*/, ""));
  expect([...new Set(shapes)].sort()).toEqual(withJson.map(({ name }) => name).sort());
});

test.each(Object.keys(outputShapes) as OutputName[])("the help of %s sums its JSON up", async (name) => {
  const words = name.replace(/ --.*/, "").split(" ");
  const { stdout } = await platformctl([...words, "--help"]);
  const [, summary = ""] = /\nWith --json([\s\S]*?)\nExamples:/.exec(stdout) ?? [];
  const missing = Object.keys(outputShapes[name].schema.shape).filter((key) => !summary.includes(`"${key}"`));
  expect(missing).toEqual([]);
});

test("a command that can print JSON does so with --json, whatever else it can print", () => {
  const odd = commands.filter(
    ({ command }) =>
      command.options.some(({ long, argChoices }) => long === "--format" && argChoices?.includes("json") === true) &&
      !command.options.some(({ long }) => long === "--json"),
  );
  expect(odd.map(({ name }) => name)).toEqual([]);
});
