import { describe, expect, it } from "vitest";
import { drainReason, stateOf } from "./instance-state.ts";

const alive = { CheckID: "serfHealth", Status: "passing" };
const heartbeat = { CheckID: "plinth:users:one:heartbeat", Status: "passing" };
const drain = { CheckID: "_service_maintenance:users:one", Status: "critical", Notes: drainReason };

describe("the state of an instance", () => {
  it("is up while all checks pass, and where there is none", () => {
    expect(stateOf([alive, heartbeat])).toBe("up");
    expect(stateOf([])).toBe("up");
  });

  it("is as bad as the worst check", () => {
    expect(stateOf([alive, { ...heartbeat, Status: "warning" }])).toBe("warning");
    expect(
      stateOf([
        { ...heartbeat, Status: "warning" },
        { ...alive, Status: "critical" },
      ]),
    ).toBe("down");
    expect(stateOf([alive, { ...heartbeat, Status: "of a later version" }])).toBe("down");
  });

  it("is down when the node is gone or in maintenance, whatever the instance's own checks say", () => {
    expect(stateOf([{ ...alive, Status: "critical" }, heartbeat])).toBe("down");
    expect(stateOf([{ CheckID: "_node_maintenance", Status: "critical", Notes: "upgrade" }, heartbeat])).toBe("down");
  });

  it("is draining in a maintenance of our own, and down in that of somebody else", () => {
    expect(stateOf([alive, heartbeat, drain])).toBe("draining");
    expect(stateOf([alive, heartbeat, { ...drain, Notes: "disk" }])).toBe("down");
  });

  it("is down when a draining instance is dead", () => {
    expect(stateOf([drain, alive, { ...heartbeat, Status: "critical" }])).toBe("down");
    expect(stateOf([drain, { ...alive, Status: "critical" }, heartbeat])).toBe("down");
  });
});
