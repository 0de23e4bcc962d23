import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import type { Context } from "../context.ts";

/**
 * Installs the packages of a platform that has none yet. What npm says goes to the standard error. When it is broken
 * off, or fails, nothing of what it had installed stays.
 *
 * @param signal breaks it off.
 * @throws PlatformError `SCAFFOLD_INSTALL`.
 */
export async function installPackages(folder: string, signal: AbortSignal, context: Context): Promise<void> {
  try {
    signal.throwIfAborted();
    await npmInstall(folder, signal, context);
    // Tells the Makefile that they are there.
    writeFileSync(path.join(folder, "node_modules/.installed"), "");
  } catch (cause) {
    rmSync(path.join(folder, "node_modules"), { recursive: true, force: true });
    const reason = signal.aborted ? "it was broken off" : cause instanceof Error ? cause.message : String(cause);
    throw platformError("SCAFFOLD_INSTALL", { reason, folder }, { cause });
  }
}

function npmInstall(cwd: string, signal: AbortSignal, { stderr }: Context): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      // npm is a script that only a shell finds there.
      shell: process.platform === "win32",
    });
    const stop = () => void child.kill("SIGTERM");
    signal.addEventListener("abort", stop, { once: true });
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => void stderr.write(String(text)));
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(new Error("aborted"));
      else if (code === 0) resolve();
      else reject(new Error(`npm install ended with ${code}`));
    });
  });
}
