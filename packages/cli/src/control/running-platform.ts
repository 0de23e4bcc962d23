import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { PlatformErrors, type PlatformEvent, platformError } from "@plinth/module";
import {
  type ControlChange,
  type ControlProblems,
  type ControlStatus,
  controlAddresses,
  controlVersion,
  fromWire,
} from "@plinth/platform/control";
import { type ControlRequest, send } from "./request.ts";

/**
 * A platform that runs in a process of its own, as its control socket shows it. Every call finds the socket anew, and
 * rejects with `CONTROL_NOT_RUNNING`, `CONTROL_NO_ANSWER` or `CONTROL_LOST`, or with the PlatformErrors that the
 * platform answered.
 */
export interface RunningPlatform {
  /** State and health. Waits for the answer for up to 15 s, as health checks may take their time. */
  status(signal?: AbortSignal): Promise<ControlStatus>;
  /** Stops a module and starts it with its code of now. Giving up waiting does not undo it. */
  restart(module: string, signal?: AbortSignal): Promise<ControlChange>;
  /** Lets the platform read manifests and plugins.lock again, and add, remove and reload what differs. */
  refresh(signal?: AbortSignal): Promise<ControlChange>;
  /** The platform's events from now on, until it ends or `signal` aborts. The first item comes once it listens. */
  events(signal: AbortSignal): AsyncGenerator<PlatformEvent | "listening">;
}

const statusLimitMs = 15_000;
const connectLimitMs = 5_000;

/** The platform of this folder, whether or not it runs: that shows in what is asked of it. */
export function runningPlatform(root: string): RunningPlatform {
  async function ask(wanted: ControlRequest): Promise<IncomingMessage> {
    const path = `/${controlVersion}/${wanted.path}`;
    const answer = await send(controlAddresses(root), { ...wanted, path });
    if (answer === undefined) throw platformError("CONTROL_NOT_RUNNING", { root });
    if (answer.statusCode === 200) return answer;
    const { problems } = await bodyOf<ControlProblems>(answer, wanted.signal);
    throw new PlatformErrors(problems.map(fromWire));
  }

  return {
    async status(signal) {
      return bodyOf(await ask({ method: "GET", path: "status", signal, limitMs: statusLimitMs }), signal);
    },
    async restart(module, signal) {
      const path = `modules/${encodeURIComponent(module)}/restart`;
      return bodyOf(await ask({ method: "POST", path, signal }), signal);
    },
    async refresh(signal) {
      return bodyOf(await ask({ method: "POST", path: "refresh", signal }), signal);
    },
    async *events(signal) {
      const answer = await ask({ method: "GET", path: "events", signal, limitMs: connectLimitMs });
      yield "listening";
      for await (const line of linesOf(answer)) yield JSON.parse(line) as PlatformEvent;
    },
  };
}

async function bodyOf<Body>(answer: IncomingMessage, signal: AbortSignal | undefined): Promise<Body> {
  try {
    return (await json(answer)) as Body;
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw platformError("CONTROL_LOST", { reason }, { cause });
  }
}

/** The lines that come until the connection ends, in whatever way it does. */
async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const chunk of answer.setEncoding("utf8")) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch {
    // The platform has ended, or nobody wants to know any more.
  } finally {
    answer.destroy();
  }
}
