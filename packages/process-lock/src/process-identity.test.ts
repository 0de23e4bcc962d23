import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { livenessOf, ownIdentity } from "./process-identity.ts";

describe("whether a process lives", () => {
  const self = ownIdentity();

  it("is known of this one", () => {
    expect(livenessOf(self)).toBe("alive");
  });

  it("is known of one that has ended, even while its parent has not noticed", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    expect(livenessOf({ ...self, pid, started: "" })).toBe("alive");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(livenessOf({ ...self, pid, started: "" })).toBe("dead");
  });

  it("is known of one whose number another process has now", () => {
    expect(livenessOf({ ...self, started: "1" })).toBe("dead");
  });

  it.each([
    ["after a restart of the same machine", { boot: "before" }, "dead"],
    ["on another machine", { boot: "before", host: "elsewhere" }, "unknown"],
    ["in another container", { namespace: "pid:[1]" }, "unknown"],
    ["after the machine was renamed", { host: "renamed" }, "alive"],
  ] as const)("%s", (_, change, expected) => {
    expect(livenessOf({ ...self, boot: "now", ...change }, { ...self, boot: "now" })).toBe(expected);
  });
});
