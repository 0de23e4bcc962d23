import { formatProblem, type ManifestInput } from "@plinth/module";
import { describe, expect, it } from "vitest";
import { checkManifest } from "./check-manifest.ts";
import { createManifestSchema } from "./manifest-schema.ts";
import { sections } from "./sections.fixture.ts";

const schema = createManifestSchema(sections);

function complaints(input: unknown): string {
  const { manifest, problems } = checkManifest(input as ManifestInput, schema);
  expect(manifest === undefined).toBe(problems.length > 0);
  return problems.map(formatProblem).join("\n");
}

describe("an inline manifest", () => {
  it("means what the same file would", () => {
    const { manifest, problems } = checkManifest(
      {
        name: "tickets",
        version: "1.0.0",
        dependencies: { identity: "^1.0.0", audit: { version: "*", optional: true } },
        timeouts: { start: "2m" },
        permissions: { "ticket.read": "See tickets" },
      },
      schema,
    );
    expect(problems).toEqual([]);
    expect(manifest).toEqual({
      name: "tickets",
      version: "1.0.0",
      description: undefined,
      platform: undefined,
      dependencies: [
        { name: "identity", range: "^1.0.0", optional: false },
        { name: "audit", range: "*", optional: true },
      ],
      main: undefined,
      critical: true,
      timeouts: { start: 120_000, stop: undefined },
      sections: { permissions: { "ticket.read": "See tickets" } },
      file: undefined,
    });
  });

  it("takes undefined as absent", () => {
    expect(complaints({ name: "a", version: "1.0.0", description: undefined, main: undefined, extra: undefined })).toBe(
      "",
    );
  });

  it("is held to the rules for files, and names the module instead of a place", () => {
    expect(
      complaints({ name: "tickets", version: "1.0", dependancies: {}, dependencies: { Identity: "^1" }, critical: 1 }),
    ).toMatchInlineSnapshot(`
      "  MANIFEST_VERSION: "version" of the manifest of "tickets" is "1.0", which is not a semver version
        fix: Write three numbers, as in 1.4.0, with an optional pre-release, as in 2.0.0-rc.1.
        MANIFEST_NAME: a name in "dependencies" of the manifest of "tickets" is "Identity", which is not lower-case kebab
        fix: Write "identity".
        MANIFEST_TYPE: "critical" of the manifest of "tickets" must be true or false, but is the number 1
        fix: Write true or false, or remove the key.
        MANIFEST_UNKNOWN_KEY: "dependancies" of the manifest of "tickets" is not a key that is known here
        fix: Did you mean "dependencies"?"
    `);
  });

  it("that has no name says so", () => {
    expect(complaints({ version: "1.0.0" })).toMatchInlineSnapshot(`
      "  MANIFEST_MISSING_KEY: "name" of an inline manifest is missing
        fix: Add it, for example name: tickets"
    `);
    expect(complaints(undefined)).toMatchInlineSnapshot(`
      "  MANIFEST_NOT_A_MAPPING: the manifest is empty, not keys with values
        fix: Write one "key: value" a line, with a space after the colon, beginning with name and version."
    `);
    expect(complaints([])).toContain("MANIFEST_NOT_A_MAPPING");
  });

  it("holds plain data only", () => {
    const circle: { name: string; version: string; permissions?: unknown } = { name: "tickets", version: "1.0.0" };
    circle.permissions = circle;
    expect(complaints(circle)).toMatchInlineSnapshot(`
      "  MANIFEST_NOT_DATA: "permissions" of the manifest of "tickets" is part of itself, which no manifest can hold
        fix: Use texts, numbers, true, false, null, lists and plain objects only."
    `);
    const odd = { date: new Date(0), call: () => 1, big: 1n, endless: Number.POSITIVE_INFINITY };
    expect(complaints({ name: "tickets", version: "1.0.0", permissions: odd })).toMatchInlineSnapshot(`
      "  MANIFEST_NOT_DATA: "permissions.date" of the manifest of "tickets" is an object of a class, which no manifest can hold
        fix: Use texts, numbers, true, false, null, lists and plain objects only.
        MANIFEST_NOT_DATA: "permissions.call" of the manifest of "tickets" is a function, which no manifest can hold
        fix: Use texts, numbers, true, false, null, lists and plain objects only.
        MANIFEST_NOT_DATA: "permissions.big" of the manifest of "tickets" is the number 1, which no manifest can hold
        fix: Use texts, numbers, true, false, null, lists and plain objects only.
        MANIFEST_NOT_DATA: "permissions.endless" of the manifest of "tickets" is the number Infinity, which no manifest can hold
        fix: Use texts, numbers, true, false, null, lists and plain objects only."
    `);
  });

  it("may use one object in two places", () => {
    const limits = { start: "1s" };
    expect(complaints({ name: "tickets", version: "1.0.0", timeouts: limits, menu: limits })).not.toContain("NOT_DATA");
  });

  it("may not reach into prototypes", () => {
    const input: unknown = JSON.parse('{"name":"tickets","version":"1.0.0","permissions":{"__proto__":"x"}}');
    expect(complaints(input)).toMatchInlineSnapshot(`
      "  MANIFEST_FORBIDDEN_KEY: "permissions.__proto__" of the manifest of "tickets" is a key that no manifest may have
        fix: Give it another name."
    `);
  });

  it("is limited in depth, also where objects are shared over and over", () => {
    let deep: unknown = "x";
    for (let level = 0; level < 40; level++) deep = { a: deep, b: deep };
    expect(complaints({ name: "tickets", version: "1.0.0", permissions: deep })).toMatchInlineSnapshot(`
      "  MANIFEST_NOT_DATA: "permissions.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a" of the manifest of "tickets" is nested deeper than 32 levels, which no manifest can hold
        fix: Use texts, numbers, true, false, null, lists and plain objects only.
        MANIFEST_NOT_DATA: "permissions.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b" of the manifest of "tickets" is nested deeper than 32 levels, which no manifest can hold
        fix: Use texts, numbers, true, false, null, lists and plain objects only."
    `);
  });

  it("may have the host's name when it is the platform's own", () => {
    const host = { name: "platform", version: "1.0.0" };
    expect(complaints(host)).toContain("MANIFEST_NAME_RESERVED");
    expect(checkManifest(host, schema, { platform: true }).problems).toEqual([]);
    expect(checkManifest({ ...host, name: "log" }, schema, { platform: true }).problems).toHaveLength(1);
  });
});
