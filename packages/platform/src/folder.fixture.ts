import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A folder of a test's own, removed when it is disposed of. */
export interface TestFolder extends Disposable {
  readonly root: string;
  /** Writes files by their paths relative to the root; folders are made. */
  write(files: Readonly<Record<string, string>>): void;
}

/**
 * Makes a folder with files. It lies inside this package, so that modules in it find the workspace's
 * packages as those of a user's platform find installed ones.
 */
export function testFolder(files: Readonly<Record<string, string>>): TestFolder {
  const base = path.join(import.meta.dirname, "../.cache");
  mkdirSync(base, { recursive: true });
  const root = realpathSync(mkdtempSync(path.join(base, "platform-")));
  const folder: TestFolder = {
    root,
    write(written) {
      for (const [name, text] of Object.entries(written)) {
        const file = path.join(root, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  folder.write(files);
  return folder;
}
