import { writeFileSync } from "node:fs";
import path from "node:path";
import { vi } from "vitest";
import { folderWith, platformctl, type RunningCommand, spawnPlatformctl } from "../command-line.fixture.ts";

const specifier = (name: string) => JSON.stringify(import.meta.resolve(name));

/** The code of a module that answers `text` to `GET /<name>`. */
export function answering(text: string, more = ""): string {
  return `
    import { defineModule } from ${specifier("@plinth/module")};
    import { Http } from ${specifier("@plinth/http")};
    export default defineModule({
      requires: { http: Http },
      setup({ http, lifecycle }) {
        http.get("/", { public: true }, () => ${JSON.stringify(text)});
        ${more}
      },
    });
  `;
}

/** The files of a platform of three modules: `desk` depends on `clock`, and `lamp` on nothing. */
export function threeModules(more: Readonly<Record<string, string>> = {}): string {
  return folderWith({
    "platform.yaml": "name: office\nhttp: { port: 0, drainDelay: 0s }\ndatabase: { dataDir: memory:// }\n",
    "modules/clock/module.yaml": "name: clock\nversion: 1.0.0\ndescription: Tells the time.\n",
    "modules/clock/src/index.ts": answering("noon"),
    "modules/desk/module.yaml": "name: desk\nversion: 2.1.0\ndependencies: { clock: ^1.0.0 }\n",
    "modules/desk/src/index.ts": answering("paper"),
    "modules/lamp/module.yaml": "name: lamp\nversion: 1.0.0\ncritical: false\n",
    "modules/lamp/src/index.ts": answering("light"),
    ...more,
  });
}

export const waiting = { timeout: 20_000, interval: 50 };

/** Starts a platform as a process of its own, and waits until it has come to a state. */
export async function startPlatform(root: string, state = "running"): Promise<RunningCommand> {
  const running = spawnPlatformctl(["start", "-C", root], { env: { PLATFORM_LOG__FORMAT: "json" } });
  await vi.waitFor(async () => {
    const { platform } = JSON.parse((await platformctl(["status", "--json", "-C", root])).stdout);
    if (platform?.state !== state) throw new Error(`not ${state} yet: ${running.stdout()}`);
  }, waiting);
  return running;
}

/** Where a running platform listens. */
export async function urlOf(root: string): Promise<string> {
  return JSON.parse((await platformctl(["status", "--json", "-C", root])).stdout).platform.url;
}

/** What a module answers. */
export async function answerOf(url: string, module: string): Promise<string> {
  return (await fetch(`${url}/${module}`)).text();
}

/** Writes the code of a module anew. */
export function edit(root: string, module: string, code: string): void {
  writeFileSync(path.join(root, "modules", module, "src/index.ts"), code);
}
