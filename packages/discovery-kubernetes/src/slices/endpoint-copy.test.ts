import { describe, expect, it } from "vitest";
import type { EndpointSlice, SliceEndpoint, SlicePort } from "../api/objects.ts";
import { copiesOf, podInstanceId, stateOf } from "./endpoint-copy.ts";

const http: SlicePort = { name: "http", port: 8080, protocol: "TCP" };

function sliceOf(endpoints: readonly SliceEndpoint[], more: Partial<EndpointSlice> = {}): EndpointSlice {
  return {
    metadata: { name: "users-1", labels: { "kubernetes.io/service-name": "users" } },
    addressType: "IPv4",
    ports: [http],
    endpoints,
    ...more,
  };
}

const instancesOf = (slice: EndpointSlice) => copiesOf(slice).map(({ instance }) => instance);

describe("the state of an endpoint", () => {
  it.each([
    [undefined, "up"],
    [null, "up"],
    [{}, "up"],
    [{ ready: null, serving: null, terminating: null }, "up"],
    [{ ready: true }, "up"],
    [{ ready: false }, "down"],
    [{ ready: true, serving: true, terminating: false }, "up"],
    [{ ready: false, serving: true, terminating: true }, "draining"],
    [{ ready: false, terminating: true }, "draining"],
    [{ ready: false, serving: false, terminating: true }, "down"],
    [{ ready: false, serving: true, terminating: false }, "down"],
    // What publishNotReadyAddresses makes of a pod that ends.
    [{ ready: true, serving: true, terminating: true }, "draining"],
  ] as const)("by %j is %s", (conditions, state) => expect(stateOf(conditions)).toBe(state));
});

describe("the endpoints of a slice", () => {
  it("become instances with their ports, place and pod", () => {
    const uid = "1b24dbd7-e3cc-4f98-9979-8a43a3d123af";
    const slice = sliceOf([
      {
        addresses: ["10.1.0.1"],
        targetRef: { kind: "Pod", name: "users-7c9f8-x2x1b", uid },
        zone: "eu-1a",
        nodeName: "node-1",
      },
    ]);
    expect(copiesOf(slice)).toEqual([
      {
        key: uid,
        family: "IPv4",
        hintZones: undefined,
        instance: {
          id: "users-7c9f8-x2x1b.1b24dbd7",
          service: "users",
          endpoints: [{ name: "http", protocol: "http", host: "10.1.0.1", port: 8080 }],
          state: "up",
          weight: 1,
          locality: { zone: "eu-1a", node: "node-1" },
          tags: [],
          metadata: { pod: "users-7c9f8-x2x1b" },
        },
      },
    ]);
    expect(podInstanceId("users-7c9f8-x2x1b", uid)).toBe("users-7c9f8-x2x1b.1b24dbd7");
  });

  it("have the first address only", () => {
    expect(instancesOf(sliceOf([{ addresses: ["10.1.0.1", "10.1.0.2"] }, { addresses: [] }, {}]))).toMatchObject([
      { id: "10.1.0.1:8080" },
    ]);
  });

  it("may be of IPv6, without brackets in the host", () => {
    expect(instancesOf(sliceOf([{ addresses: ["2001:DB8::1"] }], { addressType: "IPv6" }))).toMatchObject([
      { id: "[2001:db8::1]:8080", endpoints: [{ host: "2001:DB8::1", port: 8080 }] },
    ]);
  });

  it("are left out where the slice is of names, or has no usable port", () => {
    const endpoint = { addresses: ["10.1.0.1"] };
    expect(copiesOf(sliceOf([endpoint], { addressType: "FQDN" }))).toEqual([]);
    for (const ports of [null, [], [{ name: "http", port: null }], [{ name: "http" }]]) {
      expect(copiesOf(sliceOf([endpoint], { ports }))).toEqual([]);
    }
    expect(copiesOf(sliceOf([], { endpoints: null }))).toEqual([]);
  });

  it("have only the ports that have a number, by their names", () => {
    const ports = [http, { name: "admin", port: null }, { name: "rpc", port: 9090 }];
    const [instance] = instancesOf(sliceOf([{ addresses: ["10.1.0.1"] }], { ports }));
    expect(instance?.endpoints.map(({ name, port }) => [name, port])).toEqual([
      ["http", 8080],
      ["rpc", 9090],
    ]);
  });

  it.each([
    [{ name: "http", port: 1 }, "http", "http"],
    [{ name: "https-admin", port: 1 }, "https-admin", "https"],
    [{ name: "grpc", port: 1 }, "grpc", "grpc"],
    [{ name: "httpx", port: 1 }, "httpx", "tcp"],
    [{ name: "", port: 1 }, "default", "tcp"],
    [{ port: 1 }, "default", "tcp"],
    [{ name: null, port: 1, appProtocol: "HTTPS" }, "default", "https"],
    [{ name: "web", port: 1, appProtocol: "kubernetes.io/h2c" }, "web", "h2c"],
    [{ name: "http", port: 1, protocol: "UDP" }, "http", "udp"],
  ] as const)("at the port %j speak as it says", (port, name, protocol) => {
    const [instance] = instancesOf(sliceOf([{ addresses: ["10.1.0.1"] }], { ports: [port] }));
    expect(instance?.endpoints).toEqual([{ name, protocol, host: "10.1.0.1", port: 1 }]);
  });

  it("of managed slices are what the annotation says of them", () => {
    const facts = {
      id: "node-1/users-a",
      holder: "x",
      version: "1.2.3",
      state: "warning",
      weight: 3,
      locality: { region: "eu", node: "Node 1" },
      tags: ["blue"],
      metadata: { owner: "team" },
    };
    const managed = (annotation: string, managedBy = "plinth-discovery") =>
      sliceOf([{ addresses: ["10.1.0.1"], zone: "eu-1a", targetRef: { uid: "node-1/users-a" } }], {
        metadata: {
          name: "x",
          labels: { "kubernetes.io/service-name": "users", "endpointslice.kubernetes.io/managed-by": managedBy },
          annotations: { "plinth.dev/instance": annotation },
        },
      });
    expect(instancesOf(managed(JSON.stringify(facts)))).toMatchObject([
      {
        id: "node-1/users-a",
        version: "1.2.3",
        state: "warning",
        weight: 3,
        locality: { region: "eu", zone: "eu-1a", node: "Node 1" },
        tags: ["blue"],
        metadata: { owner: "team" },
      },
    ]);
    const wrong = { id: "n/1", weight: -1, tags: [1], metadata: { a: 2 }, state: "odd", locality: [] };
    expect(instancesOf(managed(JSON.stringify(wrong)))).toMatchObject([
      { id: "n/1", weight: 1, tags: [], metadata: {}, state: "up", locality: { zone: "eu-1a" } },
    ]);
    for (const broken of ["{", "null", "[]", `{"weight":1}`]) {
      expect(instancesOf(managed(broken))).toMatchObject([{ id: expect.stringMatching(/^\.[0-9a-f]{8}$/), weight: 1 }]);
    }
    // Anybody may write an annotation; only slices under our label are believed.
    expect(instancesOf(managed(JSON.stringify(facts), "somebody-else"))).toMatchObject([{ weight: 1, state: "up" }]);
  });
});
