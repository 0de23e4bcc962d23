import { type Logger, type StartReport, systemClock } from "@plinth/module";
import { type Control, openControl } from "../control/open-control.ts";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import { createLog } from "../logging/log.ts";
import { narrate, summaryOf } from "../logging/narrate.ts";
import type { PlatformOptions } from "../options.ts";
import { readSettings } from "../settings/read-settings.ts";
import { urlOf } from "../url-of.ts";
import { hostVersion } from "../version.ts";
import { type ProcessContext, thisProcess } from "./process-context.ts";
import { reportFailure } from "./report-failure.ts";
import { type Supervision, supervise } from "./supervise.ts";

/** Steps of {@link runPlatform} at which others have a say. */
export interface RunSteps {
  /** Awaited when everything has been read, loaded and checked, and before anything starts. */
  readonly beforeStart?: () => Promise<void>;
  /** Takes what kept the platform from starting. Default: it is reported on the standard error. */
  readonly onFailure?: (thrown: unknown) => void;
}

/**
 * Runs a platform as the main thing of a process: starts it with the environment's settings, logs to
 * the standard output, and stops it on SIGTERM, SIGINT or an error that nobody caught. A second
 * signal ends the process at once.
 *
 * The process exits with 0 after a clean stop; with 1 when the start failed, an error was not
 * caught, or something failed while stopping; with 130 or 143 on a second signal.
 *
 * While it runs, `platformctl` of the same user can look into it and tell it things, unless `control` is
 * `off` in platform.yaml or there is no root.
 *
 * @returns the running platform; `undefined` when it could not be started, as the process is ending then.
 */
export async function runPlatform(
  options: PlatformOptions = {},
  context: ProcessContext = thisProcess(),
  { beforeStart, onFailure = (thrown) => reportFailure(context.stderr, thrown) }: RunSteps = {},
): Promise<RunnablePlatform | undefined> {
  const env = options.env ?? context.env;
  const { platform: own } = readSettings({ root: options.root, values: options.settings, env, set: options.set });
  const log = options.log ?? createLog(own.log, context.stdout, env);
  const clock = options.clock ?? systemClock;
  let supervision: Supervision | undefined;
  let control: Control | undefined;
  try {
    const platform = await createPlatform({ ...options, env, log });
    platform.onEvent((event) => narrate(log, event));
    supervision = supervise(platform, context, log, clock, async () => control?.close());
    await beforeStart?.();
    if (options.root !== undefined && own.control === "on") {
      const url = () => urlOf(platform);
      control = await openControl({
        platform,
        root: options.root,
        name: own.name,
        version: hostVersion,
        url,
        log,
        clock,
      });
    }
    const report = await start(platform, own.name, log);
    control?.started(report);
    supervision.watchEventLoop();
    return platform;
  } catch (thrown) {
    if (supervision?.isEnding !== true) {
      await control?.close();
      onFailure(thrown);
      context.exit(1);
    }
    return undefined;
  }
}

async function start(platform: RunnablePlatform, name: string, log: Logger): Promise<StartReport> {
  const { length } = platform.status().modules;
  log.info(`starting ${name}: ${length} modules`);
  const report = await platform.start();
  log.info(summaryOf(report, length));
  for (const { module, skipped } of report.failures) {
    log.warn({ module, skipped }, `degraded: without ${[module, ...skipped].join(", ")}`);
  }
  return report;
}
