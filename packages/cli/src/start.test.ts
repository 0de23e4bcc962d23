import { expect, test, vi } from "vitest";
import { folderWith, platformctl, spawnPlatformctl } from "./command-line.fixture.ts";

const desk = {
  "platform.yaml": "name: desk\nmodules: [modules/*]\n",
  "modules/greeter/module.yaml": "name: greeter\nversion: 1.0.0\nconfig: { properties: { word: { type: string } } }\n",
  "modules/greeter/index.js": `
    import { defineModule } from ${JSON.stringify(import.meta.resolve("@plinth/module"))};
    export default defineModule({ setup({ config, log }) { log.info("greeter says " + config.word); } });
  `,
};

test.each([["SIGINT"], ["SIGTERM"]] as const)("start runs a platform with its settings until %s", async (signal) => {
  const root = folderWith(desk);
  const running = spawnPlatformctl(
    ["start", "-C", root, "--set", "http.port=0", "--set", "http.drainDelay=0s", "--set", "greeter.word=8080"],
    {
      env: { PLATFORM_LOG__FORMAT: "json" },
    },
  );
  await vi.waitFor(() => expect(running.stdout()).toContain("critical path"), { timeout: 20_000, interval: 50 });
  running.process.kill(signal);
  const { code, stdout, stderr } = await running.ended;
  expect([code, stderr]).toEqual([0, ""]);
  const messages = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).msg);
  expect(messages).toContain("greeter says 8080");
  expect(messages.at(0)).toContain("starting desk");
});

test("a platform that is not right does not start, and says why", async () => {
  const root = folderWith({ ...desk, "modules/greeter/module.yaml": "name: greeter\nversion: 1.0\n" });
  const { code, stdout, stderr } = await spawnPlatformctl(["start", "-C", root]).ended;
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`${root}/modules/greeter/module.yaml:2:10`);
  expect(stderr).toContain("the platform did not start: 1 problem\n");
});

test("in a program, start touches the process only through its context", async () => {
  const root = folderWith({ "platform.yaml": "log: { level: loud }\n" });
  const { code, stdout, stderr } = await platformctl(["start", "-C", root]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('the setting "log.level" is "loud"');
});
