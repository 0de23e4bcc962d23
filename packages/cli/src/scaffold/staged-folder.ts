import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { platformError } from "@plinth/module";
import type { FileTexts } from "./file-texts.ts";

const ending = ".new";

/** A folder that is being written where nobody looks, beside the place where it belongs. */
export interface StagedFolder {
  /** Absolute; its name begins with a dot, so that no pattern of platform.yaml finds it. */
  readonly path: string;
  /**
   * Puts it where it belongs, as a whole.
   *
   * @throws PlatformError `SCAFFOLD_FOLDER_TAKEN` when something has come to be there; it is gone then.
   */
  place(): void;
  /** Removes it. */
  discard(): void;
}

/**
 * Writes files into a hidden folder beside `target`, as deep as that, so that what they refer to by relative paths
 * is the same. What was left behind by a process that was killed here is removed.
 *
 * @param target absolute; must not be there.
 */
export function stageFolder(target: string, files: FileTexts): StagedFolder {
  const parent = path.dirname(target);
  const start = `.${path.basename(target)}.`;
  mkdirSync(parent, { recursive: true });
  removeLeftovers(parent, start);
  const stage = path.join(parent, `${start}${process.pid}-${randomBytes(4).toString("hex")}${ending}`);
  mkdirSync(stage);
  const discard = () => rmSync(stage, { recursive: true, force: true });
  try {
    writeFiles(stage, files);
  } catch (error) {
    discard();
    throw error;
  }
  return {
    path: stage,
    discard,
    place() {
      try {
        renameSync(stage, target);
      } catch (cause) {
        discard();
        throw platformError("SCAFFOLD_FOLDER_TAKEN", { folder: target }, { cause });
      }
    },
  };
}

/** Writes files with the folders that they need. */
export function writeFiles(folder: string, files: FileTexts): void {
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  }
}

function removeLeftovers(parent: string, start: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid] = name.startsWith(start) && name.endsWith(ending) ? (/\.(\d+)-[^.]+\.new$/.exec(name) ?? []) : [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
