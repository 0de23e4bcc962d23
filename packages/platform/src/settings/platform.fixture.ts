import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatProblem, type PlatformError } from "@plinth/module";
import { onTestFinished } from "vitest";
import type { JsonSchema } from "./json-schema.ts";
import { readSettings, type SettingsInput } from "./read-settings.ts";
import { resolveSettings, type Settings } from "./resolve-settings.ts";

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-settings-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with this platform.yaml. */
export function platformFolder(text: string): string {
  const root = temporaryFolder();
  writeFileSync(path.join(root, "platform.yaml"), text);
  return root;
}

/** The settings of a platform with this platform.yaml and modules with these `config` sections. */
export async function settle(
  text: string,
  modules: Readonly<Record<string, JsonSchema | undefined>> = {},
  input: Omit<SettingsInput, "root"> = {},
): Promise<Settings> {
  const root = platformFolder(text);
  return resolveSettings(
    readSettings({ root, ...input }),
    Object.entries(modules).map(([name, config]) => ({
      name,
      config,
      file: path.join(root, "modules", name, "module.yaml"),
    })),
  );
}

/** Problems as a person reads them, with places relative to the platform's folder. */
export function shown({ problems, sources }: Settings): string[] {
  return problems.map((problem) => shownProblem(problem, sources.root ?? ""));
}

export function shownProblem(problem: PlatformError, root: string): string {
  return formatProblem(problem).replaceAll(`${root}${path.sep}`, "");
}
