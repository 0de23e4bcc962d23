import { setTimeout } from "node:timers/promises";
import { problemsOf } from "@plinth/module";
import type { Context } from "../context.ts";
import { type ExitCode, exitCode } from "../exit-codes.ts";
import { writeJsonLine } from "../output/json.ts";
import { LiveScreen } from "../output/live-screen.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { untilEnded } from "../until-ended.ts";
import { type AskedStatus, askStatus } from "./ask-status.ts";
import { runningPlatform } from "./running-platform.ts";
import { shownAbsence, shownStatus } from "./shown-status.ts";
import { statusText } from "./status-text.ts";

/** So often health and ages are brought up to date while nothing happens, and a platform that is away is looked for. */
const everyMs = 1_000;
/** Events that come this close together are shown at once. */
const gatheringMs = 50;

/** Shows the status of the platform of a folder, again and again, until somebody ends it. */
export async function watchStatus(context: Context, root: string, isJson: boolean): Promise<ExitCode> {
  const { signal, release } = await untilEnded(context);
  const show = context.stdout.isTTY === true && !isJson ? screenFor(context, root) : linesFor(context, root);
  let happened = new AbortController();

  async function showAgainAndAgain(): Promise<void> {
    while (!signal.aborted) {
      happened = new AbortController();
      show(await askStatus(root, signal));
      await pause(everyMs, AbortSignal.any([signal, happened.signal]));
      if (happened.signal.aborted) await pause(gatheringMs, signal);
    }
  }

  try {
    await Promise.all([followEvents(root, () => happened.abort(), signal), showAgainAndAgain()]);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  } finally {
    release();
  }
  return exitCode.fine;
}

/** Calls `onEvent` for each event of the platform, and when it comes and goes, until `signal` aborts. */
async function followEvents(root: string, onEvent: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const _ of runningPlatform(root).events(signal)) onEvent();
      onEvent();
    } catch (thrown) {
      if (problemsOf(thrown).length === 0 && !signal.aborted) throw thrown;
    }
    await pause(everyMs, signal);
  }
}

/** Resolves after a while, or at once when `signal` aborts. */
function pause(ms: number, signal: AbortSignal): Promise<unknown> {
  return setTimeout(ms, undefined, { signal }).catch(() => undefined);
}

type Show = (asked: AskedStatus) => void;

function screenFor({ stdout, env }: Context, root: string): Show {
  const screen = new LiveScreen(stdout);
  const paint = createPaint(wantsColour(stdout, env));
  return ({ status, problems }) => {
    const text =
      status === undefined
        ? `${paint.bold(root)}\n${problems.map(({ message }) => `${paint.red(message)}\n`).join("")}`
        : statusText(status, Date.now(), paint);
    screen.draw([...text.split("\n").slice(0, -1), "", paint.dim("Ctrl-C ends")]);
  };
}

/** A line for each change; the mere passing of time is none. */
function linesFor(context: Context, root: string): Show {
  let last: string | undefined;
  return ({ status, problems }) => {
    const shown = status === undefined ? shownAbsence(root, problems) : shownStatus(status);
    const text = JSON.stringify(shown);
    if (text !== last) writeJsonLine(context, "status --watch", shown);
    last = text;
  };
}
