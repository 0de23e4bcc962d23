import { symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { folderWith, spawnPlatformctl } from "./command-line.fixture.ts";

test("commands about migrations end with a module that has a process of its own", async () => {
  const root = folderWith({
    "platform.yaml": "name: desk\n",
    "modules/words/module.yaml": "name: words\nversion: 1.0.0\nisolation: process\nmigrations: ./migrations\n",
    "modules/words/migrations/0001_words.sql": "create table words (word text);\n",
    "modules/words/index.js": `
      import { defineModule } from "@plinth/module";
      export default defineModule({});`,
  });
  const packages = path.join(import.meta.dirname, "../../../node_modules");
  symlinkSync(packages, path.join(root, "node_modules"));
  const { ended } = spawnPlatformctl(["migrations", "status"], { cwd: root });
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^words .*pending$/m) });
});
