import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { platformError, problemsOf } from "@plinth/module";
import type { RunnablePlatform } from "@plinth/platform";
import { type ControlProblem, changeToWire, toWire } from "@plinth/platform/control";
import { changedKeys, effectOf, type ModuleFolder, ownerOf } from "./change-effect.ts";
import { ImportGraph } from "./import-graph.ts";
import type { ChangeOutcome, FromPlatform, PlatformRequest, ToPlatform } from "./process-message.ts";
import { quietLog } from "./quiet-log.ts";
import { recordImports } from "./record-imports.ts";

/**
 * Runs a platform in this process for `platformctl dev`, which is at the other end of the channel: loads it,
 * starts it when told to, and takes changes in. It stops when the other end is gone.
 */
export async function runPlatformHere({ root, set, isTerminal }: PlatformRequest): Promise<void> {
  const send = (message: FromPlatform): void => void process.send?.(message);
  const graph = new ImportGraph();
  recordImports(graph, path.dirname(fileURLToPath(import.meta.resolve("@plinth/kernel"))));
  const { createLog, readSettings, runPlatform, thisProcess, urlOf } = await import("@plinth/platform");
  const going = Promise.withResolvers<void>();
  // People read this log, unless the settings want it otherwise.
  const options = { root, set, settings: { log: { format: "pretty" } } };
  let settings = settingsOf(root);
  /** Modules that have not come to run their code of now. */
  const pending = new Set<string>();
  let isChanging = false;
  let platform: RunnablePlatform | undefined;

  process.on("message", (message: ToPlatform) => {
    if (message.type === "start") going.resolve();
    else void takeIn(message.files).then((outcome) => send({ type: "changed", outcome, others: others() }));
  });
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));

  async function takeIn(files: readonly string[]): Promise<ChangeOutcome> {
    if (platform === undefined) return { kind: "restart", reason: "it is not running" };
    const effect = effectOf(files, moduleFolders(platform), graph, root);
    const reason = "restart" in effect ? effect.restart : settingsReason(platform);
    if ("restart" in effect || reason !== undefined) return { kind: "restart", reason: reason ?? "" };
    graph.renew(files);
    for (const module of effect.modules) pending.add(module);
    isChanging = true;
    try {
      const change = await platform.refresh({ anew: [...pending] });
      pending.clear();
      settings = settingsOf(root);
      return { kind: "taken", change: changeToWire(change) };
    } catch (thrown) {
      return { kind: "refused", problems: wired(thrown) };
    } finally {
      isChanging = false;
    }
  }

  function settingsReason({ status }: RunnablePlatform): string | undefined {
    const mine = status().modules.flatMap(({ name, source }) => (source === "platform" ? [name] : []));
    const { platform: keys } = readSettings({ root, env: process.env, set });
    const changed = changedKeys(settings, settingsOf(root), new Set([...Object.keys(keys), ...mine]));
    return changed.length === 0 ? undefined : `${changed.join(" and ")} in platform.yaml changed`;
  }

  /** Loaded files that are no module's. */
  function others(): readonly string[] {
    const modules = platform === undefined ? [] : moduleFolders(platform);
    return [...graph.files()].filter((file) => ownerOf(file, modules) === undefined);
  }

  const context = {
    ...thisProcess(),
    stdout: { isTTY: isTerminal, write: (text: string) => process.stdout.write(text) },
  };
  try {
    const { platform: own } = readSettings({ root, values: options.settings, env: context.env, set });
    const log = quietLog(createLog(own.log, context.stdout, context.env), () => isChanging || platform === undefined);
    platform = await runPlatform({ ...options, log }, context, {
      beforeStart() {
        send({ type: "loaded" });
        return going.promise;
      },
      onFailure: (thrown) => send({ type: "failed", problems: wired(thrown) }),
    });
  } catch (thrown) {
    send({ type: "failed", problems: wired(thrown) });
    process.exitCode = 1;
    process.disconnect();
    return;
  }
  if (platform === undefined) return;
  const { modules } = platform.status();
  const without = modules.filter(({ state }) => state !== "running").map(({ name }) => name);
  send({ type: "running", url: urlOf(platform) ?? null, modules: modules.length, without, others: others() });
}

function moduleFolders(platform: RunnablePlatform): readonly ModuleFolder[] {
  return platform
    .folders()
    .map(({ name, path: folder }) => ({ name, path: folder === undefined ? undefined : real(folder) }));
}

/** With links followed, where it is there. */
function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function settingsOf(root: string): string {
  try {
    return readFileSync(path.join(root, "platform.yaml"), "utf8");
  } catch {
    return "";
  }
}

function wired(thrown: unknown): readonly ControlProblem[] {
  const problems = problemsOf(thrown);
  if (problems.length > 0) return problems.map(toWire);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return [toWire(platformError("CONTROL_FAILED", { reason }, { cause: thrown }))];
}
