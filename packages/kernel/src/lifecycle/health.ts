import type { Clock, HealthCheck, ModuleHealth } from "@plinth/module";
import { BudgetSpent, bounded } from "./bounded.ts";
import type { Deadlines } from "./deadlines.ts";
import type { ModuleRun } from "./module-run.ts";

const order = ["pass", "warn", "fail"] as const;
type Finding = { readonly status: (typeof order)[number]; readonly message: string | undefined };

/** Runs all health checks of a running module side by side, each for at most `limitMs`. Never rejects. */
export async function checkHealth(
  run: ModuleRun,
  clock: Clock,
  deadlines: Deadlines,
  limitMs: number,
): Promise<ModuleHealth> {
  const began = clock.now();
  const findings = await Promise.all(run.healthChecks.map((check) => runCheck(check, deadlines, limitMs)));
  const worst = findings.reduce((high, { status }) => Math.max(high, order.indexOf(status)), 0);
  return {
    module: run.name,
    status: order[worst] ?? "fail",
    messages: findings.flatMap(({ message }) => (message === undefined ? [] : [message])),
    durationMs: clock.now() - began,
  };
}

async function runCheck(check: HealthCheck, deadlines: Deadlines, limitMs: number): Promise<Finding> {
  const controller = new AbortController();
  let finding: Finding = { status: "pass", message: undefined };
  try {
    const running = Promise.resolve(check(controller.signal)).then((result) => {
      if (result) finding = { status: result.status, message: result.message };
    });
    await bounded(deadlines, limitMs, running, () => controller.abort());
  } catch (error) {
    if (error instanceof BudgetSpent) return { status: "fail", message: `no answer within ${limitMs} ms` };
    return { status: "fail", message: error instanceof Error ? error.message : String(error) };
  }
  return finding;
}
