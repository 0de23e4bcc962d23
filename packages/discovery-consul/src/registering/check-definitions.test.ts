import { checkRegistration, type DesiredRegistration, type RegistrationSpec } from "@plinth/discovery";
import { describe, expect, it } from "vitest";
import { type CheckSettings, defineChecks } from "./check-definitions.ts";
import { defineService } from "./service-definition.ts";

const settings: CheckSettings = {
  serviceId: "users:one",
  run: "r1",
  address: "192.0.2.5",
  heartbeatTtlMs: 15_000,
  deregisterAfterMs: 60_000,
  maintenance: undefined,
};

function desired(change: Partial<RegistrationSpec> = {}): DesiredRegistration {
  const endpoints = [
    { name: "http", protocol: "http", port: 8080 },
    { name: "rpc", protocol: "grpcs", host: "2001:db8::7", port: 9090 },
  ];
  return checkRegistration({ service: "users", id: "one", endpoints, ...change });
}

describe("the checks of an instance", () => {
  it("are a heartbeat where none are named: passing from the start, taken out when it has failed for a minute", () => {
    expect(defineChecks(desired(), settings)).toEqual({
      checks: [
        {
          CheckID: "plinth:users:one:r1:heartbeat",
          Name: "Heartbeat of one",
          TTL: "15000ms",
          Status: "passing",
          DeregisterCriticalServiceAfter: "60000ms",
        },
      ],
      heartbeat: { checkId: "plinth:users:one:r1:heartbeat", ttlMs: 15_000 },
    });
  });

  it("ask over HTTP and gRPC at the endpoint's host, or the agent's address, and begin as critical", () => {
    const { checks, heartbeat } = defineChecks(
      desired({
        checks: [
          { type: "http", endpoint: "http", path: "/readyz", intervalMs: 10_000 },
          { type: "grpc", endpoint: "rpc", service: "users.v1", intervalMs: 2_000, timeoutMs: 500 },
        ],
      }),
      settings,
    );
    expect(heartbeat).toBeUndefined();
    expect(checks).toEqual([
      {
        CheckID: "plinth:users:one:r1:http-0",
        Name: "HTTP /readyz of one",
        HTTP: "http://192.0.2.5:8080/readyz",
        Interval: "10000ms",
        Timeout: "5000ms",
        DeregisterCriticalServiceAfter: "60000ms",
      },
      {
        CheckID: "plinth:users:one:r1:grpc-1",
        Name: "gRPC health of one",
        GRPC: "[2001:db8::7]:9090/users.v1",
        GRPCUseTLS: true,
        Interval: "2000ms",
        Timeout: "500ms",
        DeregisterCriticalServiceAfter: "60000ms",
      },
    ]);
  });

  it("leave the taking out to the heartbeat where there is one, for an unwell instance is not a dead one", () => {
    const { checks } = defineChecks(
      desired({
        checks: [
          { type: "heartbeat", ttlMs: 3_000 },
          { type: "http", endpoint: "http", path: "readyz", intervalMs: 1_000 },
        ],
      }),
      settings,
    );
    expect(checks.map(({ DeregisterCriticalServiceAfter: after }) => after)).toEqual(["60000ms", undefined]);
    expect(checks[1]?.HTTP).toBe("http://192.0.2.5:8080/readyz");
  });

  it("hold what the instance says of itself in a check whose id names it", () => {
    const { checks } = defineChecks(desired({ state: "warning" }), settings);
    expect(checks[1]).toMatchObject({ CheckID: "plinth:users:one:r1:state-warning", Status: "warning" });
    expect(defineChecks(desired({ state: "down" }), settings).checks[1]).toMatchObject({
      CheckID: "plinth:users:one:r1:state-critical",
      Status: "critical",
    });
  });

  it("carry a maintenance on that somebody else began", () => {
    const { checks } = defineChecks(desired(), { ...settings, maintenance: "disk" });
    expect(checks[1]).toMatchObject({ CheckID: "_service_maintenance:users:one", Notes: "disk", Status: "critical" });
  });
});

describe("the definition of a service", () => {
  it("has the first endpoint as its own address and port, and the rest in its metadata", () => {
    expect(defineService(desired({ version: "1.2.3", weight: 4, metadata: { team: "x" } }), "r1", [])).toEqual({
      ID: "users:one",
      Name: "users",
      Tags: [],
      Address: "",
      Port: 8080,
      Meta: {
        team: "x",
        "plinth-run": "r1",
        "plinth-version": "1.2.3",
        "plinth-endpoint-0": "http=http://:8080",
        "plinth-endpoint-1": "rpc=grpcs://[2001:db8::7]:9090",
      },
      Weights: { Passing: 4, Warning: 4 },
      EnableTagOverride: false,
      Checks: [],
    });
  });

  it("is refused where Consul cannot hold it", () => {
    const endpoints = Array.from({ length: 17 }, (_, index) => ({
      name: `e${index}`,
      protocol: "tcp",
      port: 1 + index,
    }));
    expect(() => defineService(desired({ endpoints, metadata: { "plinth-x": "1" } }), "r1", [])).toThrow(
      expect.objectContaining({
        code: "DISCOVERY_INVALID",
        message:
          'the registry cannot take this: metadata "plinth-x" begins with a reserved prefix (plinth-, consul-); 17 endpoints are more than 16',
      }),
    );
  });
});
