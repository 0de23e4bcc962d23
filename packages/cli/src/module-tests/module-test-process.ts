import { writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { databaseCapability, newDatabaseFolder, openDatabase } from "@plinth/database";
import { type PlatformError, type Problem, platformError, problemsOf, type SourceLocation } from "@plinth/module";
import { createPlatform, type RunnablePlatform } from "@plinth/platform";
import { type Leftover, leftoverError, leftovers } from "./left-behind.ts";
import { type ModuleFolders, moduleFolders, stackPlaces } from "./stack-places.ts";
import type { ModuleTestRequest, TestMessage, TestPhase, TestTimes } from "./test-message.ts";
import { watchListeners } from "./watch-listeners.ts";
import { watchResources } from "./watch-resources.ts";
import { type WatchedPool, watchedPool } from "./watched-pool.ts";

/** What is closing gets this long to be closed: pauses between looks, in milliseconds. */
const looks = [0, 10, 20, 50, 100, 200, 300, 300];
/** A process that has nothing to do ends at once; one that has not ended by then has something. */
const endingMs = 1_000;
/** The open end of a pipe to the one who wants to know. Writing to it is synchronous, so that all of it arrives. */
const tellingFd = 3;

/** Settings that make a platform keep to itself. */
const aside = [
  "http.host=127.0.0.1",
  "http.port=0",
  "http.drainDelay=0s",
  "discovery.driver=memory",
  "control=off",
  "restart.max=0",
];

/**
 * Tests one module, in a process that is there for nothing else, and tells on file descriptor 3 how it
 * goes. The process ends by itself, or is ended when something was left behind.
 */
export async function testModuleHere(request: ModuleTestRequest): Promise<void> {
  const { module } = request;
  const problems: PlatformError[] = [];
  const notes: string[] = [];
  let times: TestTimes = { startMs: null, stopMs: null };
  let phase: TestPhase = "loading";
  let isDone = false;
  let platform: RunnablePlatform | undefined;
  let pool: WatchedPool | undefined;
  let folders = moduleFolders([]);
  const label = () => platform?.currentModule();

  endWithParent();
  const onUncaught = (reason: unknown) => {
    const text = reason instanceof Error ? reason.message : String(reason);
    const at = placesIn(reason, folders);
    problems.push(platformError("TEST_UNCAUGHT", { module, phase, reason: text }, { at, cause: reason }));
  };
  process.on("uncaughtException", onUncaught).on("unhandledRejection", onUncaught);
  process.on("exit", (code) => {
    if (isDone) return tell({ type: "end", problems: problems.map(asProblem), notes, ...times });
    const at = placesIn(new Error("ended here"), folders);
    tell({ type: "exit", code, at, problems: problems.map(asProblem) });
  });
  const leftListeners = watchListeners();
  const watch = watchResources(label);

  try {
    enter("loading");
    platform = await createPlatform({
      root: request.root,
      only: request.only,
      set: [...request.set, ...aside],
      env: {},
      capabilities: [database()],
    });
    folders = moduleFolders(platform.folders());
    times = await startAndStop(platform);
  } catch (thrown) {
    problems.push(...problemsIn(thrown));
  }
  enter("ending");
  const hasStopped = times.stopMs !== null;
  if (hasStopped) report(await settled());
  isDone = true;
  // What keeps the process is known by now, or is no surprise after a failure.
  if (!hasStopped || problems.length + notes.length > 0) process.exit(0);
  watch.unseen(() => setTimeout(stillAlive, endingMs).unref());

  function database() {
    return databaseCapability({
      root: request.root,
      async open(settings, options) {
        const { databaseFolder, templateCache } = request;
        await newDatabaseFolder(databaseFolder, templateCache);
        const opened = await openDatabase({ ...settings, url: undefined, dataDir: databaseFolder }, options);
        pool = watchedPool(opened, label);
        return pool;
      },
    });
  }

  async function startAndStop(running: RunnablePlatform): Promise<TestTimes> {
    enter("starting");
    const { spans, failures } = await running.start();
    const own = spans.filter((span) => span.module === module && span.phase !== "load");
    const startMs = own.reduce((sum, { durationMs }) => sum + durationMs, 0);
    problems.push(...failures.map(({ error }) => error));
    if (failures.length === 0) {
      enter("answering its health checks");
      const health = (await running.health()).find((each) => each.module === module);
      if (health?.status === "fail") {
        const reason = health.messages.join("; ") || "it did not say why";
        problems.push(platformError("TEST_UNHEALTHY", { module, reason }));
      }
    }
    enter("stopping");
    const stopMs = stopTimeOf(running, module);
    const { errors } = await running.stop("the test is over");
    problems.push(...errors);
    return { startMs, stopMs: failures.length === 0 ? stopMs() : null };
  }

  async function settled(): Promise<readonly Leftover[]> {
    let found: readonly Leftover[] = [];
    for (const ms of looks) {
      await watch.unseen(() => pause(ms));
      const remains = { resources: watch.open(), listeners: leftListeners(), database: pool?.left ?? [] };
      found = leftovers(remains, folders);
      if (found.length === 0) break;
    }
    return found;
  }

  function report(found: readonly Leftover[]): void {
    for (const each of found) {
      const error = leftoverError(each, module);
      const isOthers = each.module !== undefined && each.module !== module && request.only.includes(each.module);
      if (isOthers) notes.push(error.message);
      else problems.push(error);
    }
  }

  function stillAlive(): void {
    const resources = [...new Set(process.getActiveResourcesInfo())].join(", ");
    problems.push(platformError("TEST_STILL_ALIVE", { module, resources }));
    process.exit(0);
  }

  function enter(next: TestPhase): void {
    phase = next;
    tell({ type: "phase", phase });
  }

  function problemsIn(thrown: unknown): readonly PlatformError[] {
    const found = problemsOf(thrown);
    if (found.length > 0) return found;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return [platformError("COMMAND_CRASHED", { reason }, { at: placesIn(thrown, folders), cause: thrown })];
  }

  /** The line that threw comes first, where the error itself does not know it. */
  function asProblem({ code, message, fix, at, cause }: PlatformError): Problem {
    const known = at.some(({ line }) => line !== undefined);
    const thrown = known ? [] : placesIn(cause, folders).filter(({ file }) => folders.ownerOf(file) !== undefined);
    return { code, message, fix, at: [...thrown, ...at] };
  }
}

function tell(message: TestMessage): void {
  writeSync(tellingFd, `${JSON.stringify(message)}\n`);
}

/** The line of a module's code that an error comes from, else the innermost line of a file; none where there is no stack. */
function placesIn(thrown: unknown, folders: ModuleFolders): readonly SourceLocation[] {
  const places = thrown instanceof Error ? stackPlaces(thrown.stack) : [];
  const others = places.filter(({ file }) => file !== import.meta.filename);
  const place = others.find(({ file }) => folders.ownerOf(file) !== undefined) ?? others[0];
  return place === undefined ? [] : [place];
}

/** How long the module's own stop takes, once it has. */
function stopTimeOf(platform: RunnablePlatform, module: string): () => number | null {
  let [began, ended]: (number | undefined)[] = [];
  platform.onEvent((event) => {
    if (event.type !== "module.state" || event.module !== module) return;
    if (event.to === "stopping") began = performance.now();
    else if (event.from === "stopping") ended = performance.now();
  });
  return () => (began === undefined || ended === undefined ? null : ended - began);
}

/** Nobody waits for the result of a test whose parent is gone, and nobody else would end what the test has started. */
function endWithParent(): void {
  const group = process.platform === "win32" ? process.pid : -process.pid;
  process.stdin.on("end", () => process.kill(group, "SIGKILL"));
  process.stdin.resume();
  // A pipe is a socket, which need not keep the process.
  (process.stdin as { unref?(): void }).unref?.();
}
