import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatProblem, type PlatformError } from "@plinth/module";
import { afterAll } from "vitest";
import { createManifestSchema, type ManifestSchema } from "./manifest-schema.ts";
import { readManifests } from "./read-manifests.ts";

/** A folder of a test, removed when its file's tests have run. */
export interface TestFolder {
  readonly path: string;
  /** Writes a file and returns its absolute path. */
  write(file: string, content: string | Uint8Array): string;
  /** Problems as people read them, with paths relative to the folder. */
  tell(problems: readonly PlatformError[]): string;
  /** What is said of a single manifest with this text. */
  complaints(text: string | Uint8Array, schema?: ManifestSchema): string;
}

export function testFolder(): TestFolder {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "plinth-kernel-")));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let count = 0;
  const folder: TestFolder = {
    path: root,
    write(file, content) {
      const absolute = path.join(root, file);
      mkdirSync(path.dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
      return absolute;
    },
    tell: (problems) => problems.map(formatProblem).join("\n").replaceAll(`${root}${path.sep}`, ""),
    complaints(text, schema = createManifestSchema()) {
      const home = `m${count++}`;
      const { problems } = readManifests([folder.write(`${home}/module.yaml`, text)], schema);
      return folder.tell(problems).replaceAll(`${home}/`, "");
    },
  };
  return folder;
}

/** The two keys that every manifest needs, as the first two lines. */
export const head = "name: tickets\nversion: 1.0.0\n";
