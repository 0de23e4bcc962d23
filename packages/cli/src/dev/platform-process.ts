import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type PlatformError, platformError } from "@plinth/module";
import { type ControlProblem, toWire } from "@plinth/platform/control";
import { ownBin } from "../module-tests/own-bin.ts";
import { devPlatformCommand } from "./dev-platform-command.ts";
import type { ChangeOutcome, FromPlatform, PlatformRequest, ToPlatform } from "./process-message.ts";

/** What the process of the platform needs of the one that it is started from. */
export interface ProcessSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets what the platform logs and prints. */
  readonly onOutput: (text: string) => void;
}

/** The platform as it runs, and the files outside of its modules that were loaded. */
export type Running = Omit<Extract<FromPlatform, { readonly type: "running" }>, "type">;

/** A result, or the problems that came in its place. */
export type OrProblems<T> = { readonly value: T } | { readonly problems: readonly ControlProblem[] };

/** A process of a platform in development. */
export class PlatformProcess {
  readonly #child: ChildProcess;
  readonly #messages: FromPlatform[] = [];
  #onNews: () => void = () => {};
  #hasEnded = false;
  /** Resolves with how the process ended, as in `with code 1`. */
  readonly ended: Promise<string>;

  /** Begins to read, check and load a platform in a new process. */
  constructor(request: PlatformRequest, { env, onOutput }: ProcessSurroundings) {
    this.#child = fork(ownBin(), [devPlatformCommand, JSON.stringify(request)], {
      cwd: request.root,
      env: { ...env },
      // Ctrl-C is for dev alone, which ends the platform in good order.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.setEncoding("utf8").on("data", onOutput);
    this.#child.on("message", (message: FromPlatform) => {
      this.#messages.push(message);
      this.#onNews();
    });
    // Messages that were sent before the end have come by then.
    this.ended = once(this.#child, "close").then(([code, signal]) => {
      this.#hasEnded = true;
      this.#onNews();
      return signal === null ? `with code ${code}` : `by ${signal}`;
    });
  }

  /** Waits until everything is loaded; nothing is started. @returns what is wrong. */
  async loaded(): Promise<readonly ControlProblem[]> {
    const answer = await this.#next();
    return answer?.type === "loaded" ? [] : this.#problemsIn(answer);
  }

  /** Starts what was loaded. */
  async start(): Promise<OrProblems<Running>> {
    this.#send({ type: "start" });
    const answer = await this.#next();
    return answer?.type === "running" ? { value: answer } : { problems: await this.#problemsIn(answer) };
  }

  /** Takes changed files in; `undefined` when the process ended over it. */
  async change(files: readonly string[]): Promise<{ outcome: ChangeOutcome; others: readonly string[] } | undefined> {
    this.#send({ type: "change", files });
    const answer = await this.#next();
    return answer?.type === "changed" ? answer : undefined;
  }

  /** Stops the platform in good order. Resolves when the process has ended. */
  async stop(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill("SIGTERM");
    await this.ended;
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #send(message: ToPlatform): void {
    // A process that has just ended says so by itself.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** The next message; `undefined` when the process has ended without one. */
  async #next(): Promise<FromPlatform | undefined> {
    while (this.#messages.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#onNews = resolve;
      });
    }
    return this.#messages.shift();
  }

  async #problemsIn(answer: FromPlatform | undefined): Promise<readonly ControlProblem[]> {
    const how = await this.ended;
    return answer?.type === "failed" ? answer.problems : [toWire(endedError(how))];
  }
}

/** @param how as in `with code 1`. */
export function endedError(how: string): PlatformError {
  return platformError("DEV_ENDED", { how });
}
