import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { startHelpdesk, temporaryFolder } from "./helpdesk.fixture.ts";
import { helpdeskFolder } from "./sla.fixture.ts";
import { runCommands, type Step, stepsOf } from "./steps.fixture.ts";

const tour = readFileSync(path.join(import.meta.dirname, "../../docs/tour.md"), "utf8");

/** Runs all steps in one shell, as somebody does who copies them, and gives what each printed. */
async function run(steps: readonly Step[], url: string, root: string): Promise<readonly string[]> {
  const commands = steps.map((step) =>
    step.commands.replace(/^API=.*$/m, `API=${url}`).replace(/^HELPDESK=.*$/m, `HELPDESK=${root}`),
  );
  const cwd = path.resolve(import.meta.dirname, "../..");
  const env = { ...process.env, npm_config_loglevel: "silent" };
  const { blocks, stderr, status } = await runCommands(commands, { cwd, env, timeoutMs: 150_000 });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return blocks;
}

/** Puts what was printed in the place of each `…` that stands for it, so that the rest can be compared. */
function fill(shown: unknown, printed: unknown): unknown {
  if (typeof shown === "string" && shown.includes("…")) {
    if (shown === "…") return printed === undefined ? shown : printed;
    const form = new RegExp(`^${shown.replaceAll(/[^\w…]/g, "\\$&").replaceAll("…", ".+")}$`, "s");
    return typeof printed === "string" && form.test(printed) ? printed : shown;
  }
  if (Array.isArray(shown))
    return shown.map((item, at) => fill(item, Array.isArray(printed) ? printed[at] : undefined));
  if (typeof shown !== "object" || shown === null) return shown;
  const other = (printed ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, fill(value, other[key])]));
}

test("every line of the tour runs, and gives what the tour shows", { timeout: 240_000 }, async () => {
  using folder = temporaryFolder();
  using root = helpdeskFolder();
  const settings = { PLATFORM_DATABASE__DATA_DIR: path.join(folder.path, "data") };
  const program = { cwd: root.path, args: ["--conditions=plinth-source", "src/main.ts"] };
  await using helpdesk = await startHelpdesk(settings, program);
  const steps = stepsOf(tour);
  const printed = await run(steps, helpdesk.url, root.path);
  expect(printed).toHaveLength(steps.length);
  for (const [at, { line, shown }] of steps.entries()) {
    const text = printed[at] ?? "";
    const where = `docs/tour.md:${line}`;
    if (shown === undefined) expect.soft(text.trim(), where).toBe("");
    else if (shown.language === "text") expect.soft(text.trim(), where).toBe(shown.text.trim());
    else {
      const answer = JSON.parse(text);
      expect.soft(answer, where).toEqual(fill(JSON.parse(shown.text), answer));
    }
  }
});

test("the tour shows an answer to nearly every step", () => {
  const steps = stepsOf(tour);
  expect(steps.length).toBeGreaterThan(15);
  expect(steps.filter(({ shown }) => shown === undefined).map(({ commands }) => commands.split("\n")[0])).toEqual([
    "API=http://127.0.0.1:8080",
  ]);
});
