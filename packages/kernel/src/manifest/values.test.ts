import { describe, expect, it } from "vitest";
import { head, testFolder } from "./folder.fixture.ts";

const { complaints } = testFolder();

describe("numbers where a text is meant", () => {
  it("are to be quoted, as they are written", () => {
    expect(complaints("name: tickets\nversion: 1.10\n")).toMatchInlineSnapshot(`
      "module.yaml:2:10
        MANIFEST_QUOTE: "version" is written 1.10, which YAML reads as the number 1.1, not as a text
        fix: Put it in quotes: "1.10.0""
    `);
    expect(complaints("name: tickets\nversion: 1\n")).toContain('fix: Put it in quotes: "1.0.0"');
    expect(complaints(`${head}dependencies:\n  identity: 1.10\n  audit: { version: 2 }\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:13
        MANIFEST_QUOTE: "dependencies.identity" is written 1.10, which YAML reads as the number 1.1, not as a text
        fix: Put it in quotes: "1.10"
      module.yaml:5:21
        MANIFEST_QUOTE: "dependencies.audit.version" is written 2, which YAML reads as the number 2, not as a text
        fix: Put it in quotes: "2""
    `);
    expect(complaints("name: 007\nversion: 1.0.0\ndescription: true\n")).toMatchInlineSnapshot(`
      "module.yaml:1:7
        MANIFEST_QUOTE: "name" is written 007, which YAML reads as the number 7, not as a text
        fix: Put it in quotes: "007"
      module.yaml:3:14
        MANIFEST_QUOTE: "description" is written true, which YAML reads as true, not as a text
        fix: Put it in quotes: "true""
    `);
  });
});

describe("versions", () => {
  it.each([
    "1.0",
    "v1.0.0",
    "1.0.0.0",
    "01.0.0",
    "1.0.0-",
    "1.0.0-01",
    "latest",
    `9999999999999999.0.0`,
    `1.0.0-${"x".repeat(300)}`,
  ])("are semver: %s is refused", (version) => {
    const shown = version.length > 80 ? `${version.slice(0, 80)}...` : version;
    expect(complaints(`name: tickets\nversion: "${version}"\n`)).toBe(
      [
        "module.yaml:2:10",
        `  MANIFEST_VERSION: "version" is "${shown}", which is not a semver version`,
        "  fix: Write three numbers, as in 1.4.0, with an optional pre-release, as in 2.0.0-rc.1.",
      ].join("\n"),
    );
  });

  it.each(["0.0.0", "1.2.3", "1.2.3-rc.1", "1.2.3-0a.b-c", "1.2.3+build.5", "999999999999999.0.0"])(
    "may be %s",
    (version) => {
      expect(complaints(`name: tickets\nversion: ${version}\n`)).toBe("");
    },
  );
});

describe("ranges", () => {
  it("are semver ranges", () => {
    const text = `${head}platform: newest\ndependencies:\n  identity: ^one\n  audit: { version: ">=1 <" }\n  log-book: ""\n`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:3:11
        MANIFEST_RANGE: "platform" is "newest", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version.
      module.yaml:5:13
        MANIFEST_RANGE: "dependencies.identity" is "^one", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version.
      module.yaml:6:21
        MANIFEST_RANGE: "dependencies.audit.version" is ">=1 <", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version.
      module.yaml:7:13
        MANIFEST_RANGE: "dependencies.log-book" is "", which is not a semver range
        fix: Write a range such as ^1.2.0, or "*" in quotes for any version."
    `);
  });

  it("have at most 256 characters", () => {
    const range = (length: number) =>
      `1.0.0 || ${"2.0.0 || ".repeat(40)}`
        .slice(0, length - 5)
        .replace(/[^\d]*$/, "")
        .padEnd(length, " ");
    expect(complaints(`${head}dependencies:\n  identity: "${"^1.0.0".padEnd(256)}"\n`)).toBe("");
    expect(range(257)).toHaveLength(257);
    expect(complaints(`${head}dependencies:\n  identity: "${range(257)}"\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:13
        MANIFEST_RANGE_TOO_LONG: "dependencies.identity" has 257 characters, more than the 256 a range may have
        fix: Write a shorter range, such as ^1.2.0."
    `);
    expect(
      complaints(`${head}dependencies:\n  identity: { version: "${range(300)}" }\nplatform: "${range(400)}"\n`),
    ).toMatchInlineSnapshot(`
      "module.yaml:4:24
        MANIFEST_RANGE_TOO_LONG: "dependencies.identity.version" has 300 characters, more than the 256 a range may have
        fix: Write a shorter range, such as ^1.2.0.
      module.yaml:5:11
        MANIFEST_RANGE_TOO_LONG: "platform" has 400 characters, more than the 256 a range may have
        fix: Write a shorter range, such as ^1.2.0."
    `);
  });

  it.each(["^1.0.0", '"*"', "1", "~1.2", '">=1.0.0 <2.0.0"', '"^1.0.0 || ^2.0.0"', '"1.2 - 2.3"', "^2.0.0-rc.1"])(
    "may be %s",
    (range) => {
      const text = /^\d+$/.test(range) ? `"${range}"` : range;
      expect(complaints(`${head}dependencies:\n  identity: ${text}\n`)).toBe("");
    },
  );
});

describe("durations", () => {
  it.each(["30", "0s", "0.5ms", "25h", "1441m", "-1s", "1 s", "forever"])(
    "have a unit and an end: %s is refused",
    (duration) => {
      expect(complaints(`${head}timeouts: { start: "${duration}" }\n`)).toBe(
        [
          "module.yaml:3:20",
          `  MANIFEST_DURATION: "timeouts.start" is "${duration}", which is not a duration from 1ms to 24h`,
          "  fix: Write a number with its unit: 500ms, 30s, 2m or 1h.",
        ].join("\n"),
      );
    },
  );

  it("may not be bare numbers", () => {
    expect(complaints(`${head}timeouts: { stop: 10 }\n`)).toMatchInlineSnapshot(`
      "module.yaml:3:19
        MANIFEST_DURATION: "timeouts.stop" is "10", which is not a duration from 1ms to 24h
        fix: Write a number with its unit: 500ms, 30s, 2m or 1h."
    `);
  });
});

describe("types", () => {
  it("are told as people call them", () => {
    expect(complaints("name: [x]\nversion: 1.0.0\n")).toContain("fix: Write a text.");
    const text = `${head}critical: "yes"\ntimeouts: 30s\ndependencies: [identity]\ndescription:\nmain: { file: x }\n`;
    expect(complaints(text)).toMatchInlineSnapshot(`
      "module.yaml:3:11
        MANIFEST_TYPE: "critical" must be true or false, but is the text "yes"
        fix: Write true or false, or remove the key.
      module.yaml:4:11
        MANIFEST_TYPE: "timeouts" must be a mapping, but is the text "30s"
        fix: Write a mapping, or remove the key.
      module.yaml:5:15
        MANIFEST_TYPE: "dependencies" must be a mapping, but is a list
        fix: Write a mapping, or remove the key.
      module.yaml:6:1
        MANIFEST_TYPE: "description" must be a text, but is empty
        fix: Write a text, or remove the key.
      module.yaml:7:7
        MANIFEST_TYPE: "main" must be a text, but is a mapping
        fix: Write a text, or remove the key."
    `);
  });

  it("of a dependency may be a text or a mapping", () => {
    expect(complaints(`${head}dependencies:\n  identity:\n  audit: [1]\n`)).toMatchInlineSnapshot(`
      "module.yaml:4:3
        MANIFEST_TYPE: "dependencies.identity" must be a text or a mapping, but is empty
        fix: Write a text or a mapping, or remove the key.
      module.yaml:5:10
        MANIFEST_TYPE: "dependencies.audit" must be a text or a mapping, but is a list
        fix: Write a text or a mapping, or remove the key."
    `);
  });
});
