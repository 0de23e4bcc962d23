import path from "node:path";
import { expect, test } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";

const broken = {
  "desk/platform.yaml": "modules: [modules/*]\n",
  "desk/modules/a/module.yaml": "name: a\nversion: 1.0.0\ndependencies:\n  b: ^2.0.0\n",
  "desk/modules/b/module.yaml": "name: b\nversion: 1.0.0\n",
};

test("--format github marks the lines of a pull request", async () => {
  const root = folderWith(broken);
  const cwd = path.join(root, "desk", "modules");
  const { code, stdout, stderr } = await platformctl(["modules", "validate", "--format", "github"], {
    cwd,
    env: { GITHUB_WORKSPACE: root },
  });
  expect([code, stderr]).toEqual([1, ""]);
  expect(stdout).toMatch(
    /^::error file=desk\/modules\/a\/module\.yaml,line=4,col=3,title=[A-Z_]+::[^\n]+%0Afix: [^\n]+\n$/,
  );
  const fine = folderWith({ "platform.yaml": "name: desk\n" });
  expect(await platformctl(["modules", "validate", "--format", "github"], { cwd: fine })).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
});

test("--format sarif is a log with a rule for each code and a place for each result", async () => {
  const root = folderWith(broken);
  const { ended } = spawnPlatformctl(["modules", "validate", "--format", "sarif", "--set", "log.level=loud"], {
    cwd: path.join(root, "desk"),
    env: { GITHUB_WORKSPACE: root },
  });
  const { code, stdout, stderr } = await ended;
  expect([code, stderr]).toEqual([1, ""]);
  const log = JSON.parse(stdout);
  expect(log).toMatchObject({ version: "2.1.0", runs: [{ tool: { driver: { name: "platformctl" } } }] });
  const [{ tool, results }] = log.runs;
  expect(results).toHaveLength(2);
  for (const { ruleId, ruleIndex, level, message, locations } of results) {
    expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect([level, typeof message.text]).toEqual(["error", "string"]);
    expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
  }
  const uris = results.map(
    (result: { readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: object } }[] }) =>
      result.locations[0]?.physicalLocation.artifactLocation,
  );
  expect(uris).toContainEqual({ uri: "desk/modules/a/module.yaml" });
  expect(uris).toContainEqual({ uri: "desk/platform.yaml" });
});

test("--json stays what it was, and an unknown format is refused", async () => {
  const cwd = path.join(folderWith(broken), "desk");
  const asJson = await platformctl(["modules", "validate", "--format", "json"], { cwd });
  expect(asJson).toEqual(await platformctl(["modules", "validate", "--json"], { cwd }));
  expect(await platformctl(["modules", "validate", "--format", "xml"], { cwd })).toMatchObject({ code: 2, stdout: "" });
});
