import { describe, expect, it } from "vitest";
import type { HealthEntry } from "../health-entry.ts";
import { decodeInstance } from "./decode-instance.ts";

const plain = { name: "http", protocol: "http" };
const foreign: HealthEntry = {
  Node: { ID: "9f775291", Node: "node-a", Address: "192.0.2.5", Datacenter: "dc1" },
  Service: { ID: "billing-1", Service: "billing", Address: "", Port: 8080 },
};

describe("an instance that others registered", () => {
  it("has the node's address where it has none, and the endpoint that the options say", () => {
    expect(decodeInstance(foreign, { name: "rpc", protocol: "grpc" })).toEqual({
      id: "9f775291/billing-1",
      service: "billing",
      endpoints: [{ name: "rpc", protocol: "grpc", host: "192.0.2.5", port: 8080 }],
      state: "up",
      weight: 1,
      locality: { region: "dc1", node: "node-a" },
      tags: [],
      metadata: {},
    });
  });

  it("keeps its own address, tags, metadata and version", () => {
    const Service = {
      ...foreign.Service,
      Address: "2001:db8::7",
      Tags: ["blue"],
      Meta: { version: "3.1.0", team: "x" },
    };
    const instance = decodeInstance({ ...foreign, Service }, plain);
    expect(instance.endpoints).toEqual([{ name: "http", protocol: "http", host: "2001:db8::7", port: 8080 }]);
    expect(instance).toMatchObject({ version: "3.1.0", tags: ["blue"], metadata: { version: "3.1.0", team: "x" } });
  });

  it("has no endpoint where it has no port", () => {
    expect(decodeInstance({ ...foreign, Service: { ...foreign.Service, Port: 0 } }, plain).endpoints).toEqual([]);
  });

  it("is told apart by the node's name where the node has no id", () => {
    const Node = { Node: "router", Address: "192.0.2.9" };
    expect(decodeInstance({ ...foreign, Node }, plain).id).toBe("router/billing-1");
  });

  it("has the weight that belongs to its state, and never none", () => {
    const weighed = { ...foreign, Service: { ...foreign.Service, Weights: { Passing: 7, Warning: 0 } } };
    expect(decodeInstance(weighed, plain).weight).toBe(7);
    const Checks = [{ CheckID: "disk", Status: "warning" }];
    expect(decodeInstance({ ...weighed, Checks }, plain)).toMatchObject({ state: "warning", weight: 1 });
  });

  it("has the zone that Consul knows of the service, the node, or the node's metadata, in this order", () => {
    const Node = { ...foreign.Node, Meta: { zone: "meta" } };
    expect(decodeInstance({ ...foreign, Node }, plain).locality?.zone).toBe("meta");
    const located = { ...Node, Locality: { Region: "r", Zone: "node" } };
    expect(decodeInstance({ ...foreign, Node: located }, plain).locality).toMatchObject({ region: "r", zone: "node" });
    const Service = { ...foreign.Service, Locality: { Zone: "service" } };
    expect(decodeInstance({ ...foreign, Node: located, Service }, plain).locality?.zone).toBe("service");
  });
});
