import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../folder.fixture.ts";
import { replaceFile } from "./replace-file.ts";

const kills = 40;

test(`a file is old or new, never half, whenever the writer is killed (${kills} times)`, {
  timeout: 60_000,
}, async () => {
  const folder = testFolder();
  const target = path.join(folder.path, "src/module.gen.ts");
  const writer = folder.write(
    "writer.ts",
    `import { replaceFile } from ${JSON.stringify(path.join(import.meta.dirname, "replace-file.ts"))};
     process.stdout.write("ready");
     for (let round = 0; ; round++) replaceFile(${JSON.stringify(target)}, String(round % 10).repeat(1_000_000));`,
  );
  let [halves, leftovers] = [0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [writer], { stdio: ["ignore", "pipe", "ignore"] });
    await once(child.stdout, "data");
    // The delays are spread evenly over some writes; nothing is expected to have happened by then.
    await new Promise((resolve) => setTimeout(resolve, kill / 4));
    child.kill("SIGKILL");
    await once(child, "exit");
    const text = folder.read("src/module.gen.ts");
    if (text !== undefined && text !== text.charAt(0).repeat(1_000_000)) halves++;
    leftovers += readdirSync(path.join(folder.path, "src")).filter((name) => name.endsWith(".tmp")).length;
  }
  expect(halves).toBe(0);
  expect(leftovers).toBeGreaterThan(0);

  replaceFile(target, "new");
  expect(readFileSync(target, "utf8")).toBe("new");
  expect(readdirSync(path.dirname(target))).toEqual(["module.gen.ts"]);
});

test("a file that cannot be replaced is left as it is, and nothing beside it", () => {
  const folder = testFolder();
  folder.write("target/inside", "x");
  expect(() => replaceFile(path.join(folder.path, "target"), "text")).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder.path)).toEqual(["target"]);
});
