import { describe, expect, it } from "vitest";
import type { EndpointSlice } from "../api/objects.ts";
import { type EndpointGiven, slice } from "../cluster.fixture.ts";
import { copiesOf } from "./endpoint-copy.ts";
import { joinSlices } from "./join-slices.ts";

const copies = (endpoints: readonly EndpointGiven[], more?: Parameters<typeof slice>[2]) =>
  copiesOf(slice("x", endpoints, more) as unknown as EndpointSlice);
const hosts = (instances: ReturnType<typeof joinSlices>) => instances.map(({ endpoints }) => endpoints[0]?.host);

describe("joining slices", () => {
  it("shows an endpoint of two slices once, by its uid", () => {
    const joined = joinSlices([copies([{ ip: "10.1.0.1", uid: "a" }]), copies([{ ip: "10.1.0.1", uid: "a" }])]);
    expect(joined).toHaveLength(1);
  });

  it("shows an endpoint without a uid once, by its address and port", () => {
    const one = copies([{ ip: "10.1.0.1" }]);
    expect(joinSlices([one, copies([{ ip: "10.1.0.1" }])])).toHaveLength(1);
    expect(joinSlices([one, copies([{ ip: "10.1.0.1" }], { port: 9090 })])).toHaveLength(2);
  });

  it("prefers the ready copy, whichever comes first", () => {
    const ready = copies([{ ip: "10.1.0.1", uid: "a" }]);
    const draining = copies([{ ip: "10.1.0.2", uid: "a", ready: false, serving: true, terminating: true }]);
    const down = copies([{ ip: "10.1.0.3", uid: "a", ready: false }]);
    expect(hosts(joinSlices([down, draining, ready]))).toEqual(["10.1.0.1"]);
    expect(hosts(joinSlices([ready, draining, down]))).toEqual(["10.1.0.1"]);
    expect(joinSlices([down, draining])).toMatchObject([{ state: "draining" }]);
  });

  it("gives an instance of both families the preferred one", () => {
    const four = copies([{ ip: "10.1.0.1", uid: "a" }]);
    const six = copies([{ ip: "2001:db8::1", uid: "a" }], { addressType: "IPv6" });
    expect(hosts(joinSlices([six, four]))).toEqual(["10.1.0.1"]);
    expect(hosts(joinSlices([four, six], "IPv6"))).toEqual(["2001:db8::1"]);
  });

  it("puts ports of different names together where the copies are equally ready", () => {
    const rpc = { ...slice("x", [{ ip: "10.1.0.1", uid: "a" }]), ports: [{ name: "rpc", port: 9090 }] };
    const more = copiesOf(rpc as unknown as EndpointSlice);
    const [instance] = joinSlices([copies([{ ip: "10.1.0.1", uid: "a" }]), more]);
    expect(instance?.endpoints.map(({ name }) => name)).toEqual(["http", "rpc"]);
    const [other] = joinSlices([copies([{ ip: "10.1.0.1", uid: "a", ready: false }]), more]);
    expect(other?.endpoints.map(({ name }) => name)).toEqual(["rpc"]);
  });

  it("uses hints only when every ready endpoint has them", () => {
    const hinted = { ip: "10.1.0.1", uid: "a", zone: "z1", hints: ["z1"] };
    const zonesOf = (endpoints: readonly EndpointGiven[]) =>
      joinSlices([copies(endpoints)]).map(({ locality }) => locality?.hintZones);
    expect(zonesOf([hinted, { ip: "10.1.0.2", uid: "b", hints: ["z2"] }])).toEqual([["z1"], ["z2"]]);
    expect(zonesOf([hinted, { ip: "10.1.0.2", uid: "b" }])).toEqual([undefined, undefined]);
    expect(zonesOf([hinted, { ip: "10.1.0.2", uid: "b", ready: false }])).toEqual([["z1"], undefined]);
    expect(zonesOf([{ ...hinted, ready: false }])).toEqual([undefined]);
  });
});
