import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { formatProblem, type PlatformError } from "@plinth/module";
import { onTestFinished } from "vitest";

/** A folder of a test, removed when the test has ended. */
export interface TestFolder {
  readonly path: string;
  /** Writes a file and returns its absolute path. */
  write(file: string, text: string): string;
  writeAll(files: Readonly<Record<string, string>>): void;
  /** The text of a file; `undefined` where there is none. */
  read(file: string): string | undefined;
  /** Problems as people read them, with paths relative to the folder. */
  tell(problems: readonly PlatformError[]): string;
}

/** Makes a folder inside this package, so that sources in it find the workspace's packages. */
export function testFolder(): TestFolder {
  const base = path.join(import.meta.dirname, "../.cache");
  mkdirSync(base, { recursive: true });
  const root = realpathSync(mkdtempSync(path.join(base, "test-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder: TestFolder = {
    path: root,
    write(file, text) {
      const absolute = path.join(root, file);
      mkdirSync(path.dirname(absolute), { recursive: true });
      writeFileSync(absolute, text);
      return absolute;
    },
    writeAll(files) {
      for (const [file, text] of Object.entries(files)) folder.write(file, text);
    },
    read(file) {
      const absolute = path.join(root, file);
      return existsSync(absolute) ? readFileSync(absolute, "utf8") : undefined;
    },
    tell: (problems) => problems.map(formatProblem).join("\n").replaceAll(`${root}${path.sep}`, ""),
  };
  return folder;
}
