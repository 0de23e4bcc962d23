import { type ModuleFacts, noRights } from "@plinth/module";
import { describe, expect, it } from "vitest";
import { isolationExtension } from "./extension.ts";
import { placeOf } from "./placement.ts";
import { missingRights } from "./rights.ts";
import { type IsolationSection, isolationSection } from "./section.ts";

const validate = async (value: unknown) => isolationSection["~standard"].validate(value);
const section = (mode: "process" | "in-process"): IsolationSection => ({
  mode,
  memory: undefined,
  heartbeat: undefined,
  rights: noRights,
});
const nothing = { process: [], inProcess: [] };

describe("where a module runs", () => {
  it.each([
    ["a directory", "in-process", { source: "directory" }],
    ["a static one", "in-process", { source: "static" }],
    ["a plugin", "process", { source: "plugin" }],
    ["one that asks for it", "process", { source: "directory", section: section("process") }],
    ["a plugin that would rather not", "process", { source: "plugin", section: section("in-process") }],
    ["a part of the platform", "in-process", { source: "platform", section: section("process") }],
  ] as const)("is by source and manifest: %s in %s", (_what, place, given) => {
    expect(placeOf({ name: "toy", section: undefined, ...given }, nothing)).toBe(place);
  });

  it("is by platform.yaml above all, except for parts of the platform", () => {
    const inProcess = { process: [], inProcess: ["toy"] };
    const process = { process: ["toy"], inProcess: [] };
    expect(placeOf({ name: "toy", source: "plugin", section: undefined }, inProcess)).toBe("in-process");
    expect(placeOf({ name: "toy", source: "static", section: section("in-process") }, process)).toBe("process");
    expect(placeOf({ name: "toy", source: "platform", section: undefined }, process)).toBe("in-process");
  });

  it("is refused when platform.yaml says both, or names a module that is not there", () => {
    const imposed = { process: ["left-out", "toy"], inProcess: ["toy", "toyy"] };
    const { check } = isolationExtension(
      () => imposed,
      () => ["left-out"],
    );
    const facts = [{ name: "toy" }] as unknown as readonly ModuleFacts<IsolationSection>[];
    expect(check?.(facts)).toMatchObject([
      {
        code: "ISOLATION_BOTH_LISTS",
        message: 'platform.yaml names module "toy" under isolation.process and under isolation.inProcess',
      },
      { code: "ISOLATION_UNKNOWN_MODULE", fix: 'Write "toy", or remove it.' },
    ]);
    expect(isolationExtension().check?.(facts)).toEqual([]);
  });
});

describe("the section of the manifest", () => {
  it("takes a word, or the long form with limits and rights", async () => {
    expect(await validate("process")).toEqual({ value: section("process") });
    expect(await validate({ memory: "1GB", heartbeat: "1.5s", rights: { read: ["./data"], network: true } })).toEqual({
      value: {
        mode: "process",
        memory: 1024,
        heartbeat: 1500,
        rights: { ...noRights, read: ["./data"], network: true },
      },
    });
    expect(await validate({})).toEqual({ value: section("process") });
  });

  it.each([
    ["another word", "thread"],
    ["an unknown key", { mode: "process", cpu: 1 }],
    ["an unknown right", { rights: { everything: true } }],
    ["memory without a unit", { memory: 256 }],
    ["too little memory", { memory: "8MB" }],
    ["a heartbeat that nobody can keep", { heartbeat: "1ms" }],
    ["a variable that is none", { rights: { env: ["A B"] } }],
  ])("refuses %s", async (_what, value) => {
    const { issues } = await validate(value);
    expect(issues?.length).toBeGreaterThan(0);
  });

  it("has a JSON Schema", () => {
    const schema = isolationSection["~standard"].jsonSchema.input({ target: "draft-2020-12" });
    expect(JSON.stringify(schema)).toContain("in-process");
  });
});

it("rights that were asked for and not granted are named", () => {
  const asked = { ...noRights, read: ["a", "b"], env: ["TOKEN"], network: true, workers: true };
  expect(missingRights(asked, noRights)).toEqual(["read a", "read b", "env TOKEN", "workers", "network"]);
  expect(missingRights(asked, { ...asked, read: ["b"], network: false })).toEqual(["read a", "network"]);
  expect(missingRights(noRights, asked)).toEqual([]);
});
