import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { type Clock, type PlatformError, platformError, type ServiceConsumer, type Timer } from "@plinth/module";
import { Connection, serviceOf } from "../channel/connection.ts";
import type { ConnectionFault } from "../channel/connection-options.ts";
import { decodeError } from "../channel/errors.ts";
import { type ChildRequests, type ChildSettings, runtimeTarget } from "../channel/protocol.ts";
import type { IsolationLimits } from "../limits.ts";
import { diesWithHost } from "./dies-with-host.ts";
import { exitError } from "./exit-error.ts";
import { watchHeartbeat } from "./heartbeat.ts";
import { watchMemory } from "./memory-watch.ts";
import { Output } from "./output.ts";

export interface ProcessStart {
  readonly module: ServiceConsumer;
  /** The file of the runtime in the process. */
  readonly childEntry: string;
  /** Arguments of Node itself. */
  readonly nodeArguments: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limits: IsolationLimits;
  readonly clock: Clock;
  /** What the process says of itself besides answers. */
  onNotice(method: string, args: readonly unknown[]): void;
  /** A line that it wrote to its standard output or error. */
  onLine(line: string, stream: "stdout" | "stderr"): void;
}

/** How long to wait for the last that a process wrote, after it has ended, in milliseconds. */
const lastWordsMs = 250;

/** One process of a module, from its start to its end. */
export class ModuleProcess {
  readonly connection: Connection;
  /** Settles when the process has ended: with why, or with `undefined` when it was told to. */
  readonly ended: Promise<PlatformError | undefined>;
  readonly #start: ProcessStart;
  readonly #child: ChildProcess;
  readonly #errorOutput: Output;
  readonly #endWatches: (() => void)[] = [];
  #reason: PlatformError | undefined;
  #isEnding = false;
  #hasEnded = false;

  constructor(start: ProcessStart) {
    const { module, limits } = start;
    this.#start = start;
    const settings: ChildSettings = {
      module,
      channel: { messageBytes: limits.messageBytes, bufferedBytes: limits.bufferedBytes },
      calls: { inFlight: limits.callsInFlight, waiting: limits.callsWaiting },
    };
    const { file, args } = diesWithHost({
      file: process.execPath,
      args: [...start.nodeArguments, start.childEntry, JSON.stringify(settings)],
    });
    this.#child = spawn(file, args, {
      cwd: start.cwd,
      env: start.env,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const [, stdout, stderr, channel] = this.#child.stdio as unknown as [null, Readable, Readable, Socket];
    new Output(stdout, (line) => start.onLine(line, "stdout"));
    this.#errorOutput = new Output(stderr, (line) => start.onLine(line, "stderr"));
    this.connection = new Connection({
      socket: channel,
      channel: settings.channel,
      calls: settings.calls,
      lost: (target, method, sent) => this.#lost(target, method, sent),
      onFault: (fault) => this.kill(faultError(module.name, fault, limits)),
      onEnd: () => this.#channelEnded(),
    });
    this.connection.serve(runtimeTarget, (method, args) => this.#notice(method, args));
    this.ended = this.#untilEnded();
    this.#watchMemory();
  }

  /** `undefined` once the process has ended. */
  get pid(): number | undefined {
    return this.#hasEnded ? undefined : this.#child.pid;
  }

  /** Why the process has failed; `undefined` while it has not, and when it ended as it was told to. */
  get failure(): PlatformError | undefined {
    return this.#reason;
  }

  /** Asks for something at once, however many calls are under way. */
  ask<Method extends keyof ChildRequests>(
    method: Method,
    args: Parameters<ChildRequests[Method]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<ChildRequests[Method]>> {
    const answer = this.connection.call(runtimeTarget, method, args, { urgent: true, signal });
    return answer as Promise<ReturnType<ChildRequests[Method]>>;
  }

  tell<Method extends keyof ChildRequests>(method: Method, args: Parameters<ChildRequests[Method]>): void {
    this.connection.tell(runtimeTarget, method, args);
  }

  /** From now on the process is ended when its event loop stands still for too long. */
  watchHeartbeat(): void {
    const { module, limits, clock } = this.#start;
    this.#endWatches.push(
      watchHeartbeat(
        clock,
        limits.heartbeatMs,
        () => this.ask("beat", []),
        () => this.kill(platformError("ISOLATION_BLOCKED", { module: module.name, limit: limits.heartbeatMs })),
      ),
    );
  }

  /** Lets the process end by closing its channel, and kills it when that takes too long. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.connection.close();
    const { clock, limits } = this.#start;
    const timer = clock.timer(limits.exitMs, () => this.kill());
    await this.ended;
    timer.cancel();
  }

  /** Kills the process. `reason` is why it ended, unless there was a reason before. */
  kill(reason?: PlatformError): void {
    if (reason === undefined) this.#isEnding = true;
    else if (!this.#isEnding) this.#reason ??= reason;
    this.#child.kill("SIGKILL");
  }

  #notice(method: string, args: readonly unknown[]): void {
    const { module, limits } = this.#start;
    if (method === "crashed") {
      const cause = decodeError(args[0]);
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.kill(platformError("ISOLATION_UNHANDLED", { module: module.name, reason }, { cause }));
    } else if (method === "flooded") {
      const reason = `more than ${limits.callsWaiting} calls waited to be sent`;
      this.kill(platformError("ISOLATION_FLOODED", { module: module.name, reason }));
    } else {
      this.#start.onNotice(method, args);
    }
  }

  #watchMemory(): void {
    const { module, limits, clock } = this.#start;
    const { pid } = this.#child;
    if (pid === undefined) return;
    const exceeded = () =>
      this.kill(platformError("ISOLATION_OUT_OF_MEMORY", { module: module.name, limit: limits.memoryMb }));
    const end = watchMemory(clock, pid, limits.memoryMb, exceeded);
    if (end !== undefined) this.#endWatches.push(end);
  }

  /** The channel is closed, so the process is about to end; it is not waited for without end. */
  #channelEnded(): void {
    if (this.#hasEnded) return;
    const { clock, limits, module } = this.#start;
    const timer = clock.timer(limits.exitMs, () => {
      this.kill(platformError("ISOLATION_PROTOCOL", { module: module.name, reason: "it has closed the channel" }));
    });
    this.#endWatches.push(() => timer.cancel());
  }

  #untilEnded(): Promise<PlatformError | undefined> {
    const child = this.#child;
    const { module, limits, clock } = this.#start;
    return new Promise((resolve) => {
      let lastWords: Timer | undefined;
      const end = (unexpected: () => PlatformError) => {
        if (this.#hasEnded) return;
        this.#hasEnded = true;
        lastWords?.cancel();
        for (const stop of this.#endWatches) stop();
        if (!this.#isEnding) this.#reason ??= unexpected();
        this.connection.destroy();
        for (const stream of child.stdio) stream?.destroy();
        resolve(this.#reason);
      };
      child.on("error", (cause) => {
        if (child.pid !== undefined) return; // a signal that could not be sent
        end(() => platformError("ISOLATION_SPAWN_FAILED", { module: module.name, reason: cause.message }, { cause }));
      });
      child.on("exit", (code, signal) => {
        const finish = () =>
          end(() => exitError(module.name, limits.memoryMb, { code, signal, lastWords: this.#errorOutput.tail }));
        child.on("close", finish);
        lastWords = clock.timer(lastWordsMs, finish);
      });
    });
  }

  #lost(target: string, method: string, sent: boolean): PlatformError {
    const { name } = this.#start.module;
    const cause = this.#reason;
    if (target === runtimeTarget && cause !== undefined) return cause;
    const values = { module: name, service: serviceOf(target), method };
    return platformError(sent ? "ISOLATION_CALL_LOST" : "ISOLATION_NOT_RUNNING", values, { cause });
  }
}

function faultError(module: string, fault: ConnectionFault, { messageBytes }: IsolationLimits): PlatformError {
  if (fault.kind === "too-large") {
    const what = `a message of module "${module}"`;
    return platformError("ISOLATION_MESSAGE_TOO_LARGE", { what, size: fault.size, limit: messageBytes });
  }
  if (fault.kind === "flood") {
    const reason = `${fault.calls} calls were under way at once`;
    return platformError("ISOLATION_FLOODED", { module, reason });
  }
  return platformError("ISOLATION_PROTOCOL", { module, reason: fault.reason });
}
