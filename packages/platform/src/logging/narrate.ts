import type { Logger, PlatformEvent, StartReport } from "@plinth/module";

/** Writes what the platform does to its log, a line for each event that people wait for. */
export function narrate(log: Logger, event: PlatformEvent): void {
  switch (event.type) {
    case "platform.state":
      if (event.to === "draining") log.info("draining: no new traffic, requests in flight go on");
      else if (event.to === "stopping") log.info("stopping modules in reverse order");
      else if (event.to === "stopped") log.info("stopped");
      else log.debug({ state: event.to }, `the platform is ${event.to}`);
      return;
    case "module.state":
      log.child({ module: event.module }).debug({ from: event.from }, event.to);
      return;
    case "module.failed":
      log.child({ module: event.module }).error({ code: event.error.code, fix: event.error.fix }, event.error.message);
      return;
    case "module.late":
      log
        .child({ module: event.module })
        .warn({ afterMs: Math.round(event.afterMs) }, "its start ended too late; it was stopped and discarded");
      return;
    case "loop.blocked":
      log.warn(
        { module: event.module, blockedMs: Math.round(event.blockedMs) },
        `the event loop stood still for ${Math.round(event.blockedMs)} ms`,
      );
      return;
    default:
      event satisfies never;
  }
}

/** One line on a start that has ended: how long it took, and which modules made it so long. */
export function summaryOf(report: StartReport, modules: number): string {
  const path = report.criticalPath.map(({ module, durationMs }) => `${module} ${Math.round(durationMs)} ms`);
  const state = report.state === "running" ? "ready" : "ready, but degraded";
  return `${state}: ${modules} modules in ${Math.round(report.durationMs)} ms; critical path: ${path.join(" → ")}`;
}
