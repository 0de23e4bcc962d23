import { nearest } from "@plinth/kernel";
import { type Logger, PlatformErrors, platformError, problemsOf } from "@plinth/module";
import type { ChangeReport } from "../change/change-report.ts";
import type { ControlledPlatform } from "./controlled.ts";
import { type ControlChange, type ControlProblems, type ControlStatus, controlVersion } from "./protocol.ts";
import { changeToWire, toWire } from "./wire-problem.ts";

/** An answer in one piece. */
export interface Answer {
  readonly status: number;
  readonly body: ControlStatus | ControlChange | ControlProblems;
}

/** What requests are answered with. */
export interface Answering {
  readonly platform: ControlledPlatform;
  readonly status: () => Promise<ControlStatus>;
  readonly log: Logger;
  /** Runs changes one after another. */
  readonly inTurn: (change: () => Promise<ChangeReport>) => Promise<ChangeReport>;
}

const restart = new RegExp(`^POST /${controlVersion}/modules/([a-z][a-z0-9-]*)/restart$`);

/**
 * Answers every request but the one for events. Never rejects.
 *
 * @param request method and path, as in `GET /v1/status`.
 */
export async function answerRequest(request: string, { platform, status, log, inTurn }: Answering): Promise<Answer> {
  try {
    if (request === `GET /${controlVersion}/status`) return { status: 200, body: await status() };
    if (request === `POST /${controlVersion}/refresh`) {
      return { status: 200, body: changeToWire(await inTurn(() => platform.refresh())) };
    }
    const module = restart.exec(request)?.[1];
    if (module === undefined)
      return refusal(404, platformError("CONTROL_REQUEST", { request, versions: controlVersion }));
    const unknown = unknownModule(platform, module);
    if (unknown !== undefined) return refusal(404, unknown);
    return { status: 200, body: changeToWire(await inTurn(() => platform.reload(module))) };
  } catch (thrown) {
    const problems = problemsOf(thrown);
    if (problems.length > 0) return refusal(409, new PlatformErrors(problems));
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const problem = platformError("CONTROL_FAILED", { reason }, { cause: thrown });
    log.error({ err: thrown, request }, problem.message);
    return refusal(500, problem);
  }
}

function unknownModule(platform: ControlledPlatform, module: string) {
  const names = platform.status().modules.map(({ name }) => name);
  if (names.includes(module)) return undefined;
  const meant = nearest(module, names);
  const hint =
    meant === undefined ? "Run platformctl status to see the modules that it has." : `Write ${meant} instead.`;
  return platformError("CONTROL_MODULE", { module, hint });
}

function refusal(status: number, error: unknown): Answer {
  return { status, body: { problems: problemsOf(error).map(toWire) } };
}
