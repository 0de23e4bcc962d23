import { generate, type Root } from "@plinth/codegen";
import { type ControlProblem, toWire } from "@plinth/platform/control";
import type { ChangeFeed, Changes } from "./change-feed.ts";
import type { Display, Edited } from "./display.ts";
import { PlatformProcess, type ProcessSurroundings } from "./platform-process.ts";
import type { PlatformRequest } from "./process-message.ts";

/** What a session works with. */
export interface SessionSources {
  readonly request: PlatformRequest;
  readonly feed: ChangeFeed;
  readonly display: Display;
  readonly surroundings: ProcessSurroundings;
}

/** A platform in development: what runs of it, and what became of the edits so far. */
export class DevSession {
  readonly #sources: SessionSources;
  readonly #root: Root;
  #process: PlatformProcess | undefined;
  /** The one that is to take its place. */
  #coming: PlatformProcess | undefined;
  #isEnding = false;
  /** Why the next change needs a new process; `undefined` where the running one can take it in. */
  #mustRestart: string | undefined;
  #isGenerated = false;
  /** Whether all edits so far are in what runs. */
  #isWell = false;

  constructor(sources: SessionSources) {
    this.#sources = sources;
    this.#root = { folder: sources.request.root, kind: "platform" };
  }

  /** Generates sources and starts the platform. */
  async begin(): Promise<void> {
    await this.take({ files: [], seenAt: performance.now() });
  }

  /** Brings what runs to where the files are, or says why that cannot be and lets it go on as it was. */
  async take({ files, seenAt }: Changes): Promise<void> {
    if (this.#isEnding) return;
    const { display, feed } = this.#sources;
    const since = Date.now();
    const relevant = this.#isWell ? files.filter((file) => !feed.isBeside(file)) : files;
    if (files.length > 0 && relevant.length === 0) return;
    this.#isWell = false;
    const edited = this.#regenerate(relevant);
    if (edited === undefined) return;
    const process = this.#process;
    if (process === undefined) return this.#replace(undefined, edited, seenAt);
    if (this.#mustRestart !== undefined) return this.#replace(this.#mustRestart, edited, seenAt);
    const answer = await process.change([...edited.files, ...edited.generated]);
    // Whoever watches over the process has told of its end.
    if (answer === undefined) return;
    const { outcome, others } = answer;
    feed.alsoWatch(others, since);
    if (outcome.kind === "restart") return this.#replace(outcome.reason, edited, seenAt);
    if (outcome.kind === "refused") {
      display.show({ type: "failed", problems: outcome.problems, goesOn: true, ...edited });
    } else {
      this.#isWell = true;
      display.show({ type: "changed", change: outcome.change, durationMs: performance.now() - seenAt, ...edited });
    }
  }

  /** Stops the platform in good order, also while it starts. Nothing is taken in any more. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all([this.#process?.stop(), this.#coming?.stop()]);
  }

  /** Ends the platform at once. */
  kill(): void {
    this.#process?.kill();
    this.#coming?.kill();
  }

  /** @returns what was edited and written; `undefined` when manifests are wrong, which is said. */
  #regenerate(files: readonly string[]): Edited | undefined {
    const isConcerned = !this.#isGenerated || files.some((file) => !/\.sql$/.test(file));
    if (!isConcerned) return { files, generated: [] };
    const { files: outputs, problems } = generate(this.#root);
    const generated = outputs.filter(({ status }) => status === "written").map(({ file }) => file);
    this.#isGenerated = problems.length === 0;
    // What was written just now is part of this change and no other.
    const more = generated.length === 0 ? [] : this.#sources.feed.take();
    const edited = { files: [...new Set([...files, ...more])].filter((file) => !generated.includes(file)), generated };
    if (problems.length === 0) return edited;
    this.#failed(problems.map(toWire), edited);
    return undefined;
  }

  /** Puts a new process in the place of the one that runs, once everything in it has been loaded. */
  async #replace(reason: string | undefined, edited: Edited, seenAt: number): Promise<void> {
    const { request, surroundings, feed, display } = this.#sources;
    const since = Date.now();
    this.#mustRestart = reason;
    const coming = new PlatformProcess(request, surroundings);
    this.#coming = coming;
    const wrong = await coming.loaded();
    if (wrong.length > 0) return this.#failed(wrong, edited);
    const former = this.#process;
    this.#process = undefined;
    await former?.stop();
    const started = await coming.start();
    if ("problems" in started) return this.#failed(started.problems, edited);
    this.#process = coming;
    this.#mustRestart = undefined;
    this.#isWell = true;
    feed.alsoWatch(started.value.others, since);
    display.show({ ...started.value, type: "running", reason, durationMs: performance.now() - seenAt, ...edited });
    void coming.ended.then((how) => {
      if (this.#process !== coming || this.#isEnding) return;
      this.#process = undefined;
      this.#isWell = false;
      display.show({ type: "ended", how });
    });
  }

  #failed(problems: readonly ControlProblem[], edited: Edited): void {
    if (this.#isEnding) return;
    this.#sources.display.show({ type: "failed", problems, goesOn: this.#process !== undefined, ...edited });
  }
}
