import { describe, expect, test } from "vitest";
import { httpSection } from "./section.ts";
import { settingsSchema } from "./settings.ts";

describe("the section http", () => {
  test.each(["/", "/tickets", "/api/v1.2/my_tickets", "/~a", "/.well-known/x", "/..a"])(
    "accepts the prefix %s",
    (prefix) => {
      expect(httpSection.parse({ prefix })).toEqual({ prefix });
    },
  );

  test.each([
    "",
    "tickets",
    "/tickets/",
    "//",
    "/a//b",
    "/..",
    "/a/../b",
    "/./a",
    "/A",
    "/a b",
    "/%61",
    "/:id",
    "/*",
    "/a?b",
  ])("refuses the prefix %j", (prefix) => {
    expect(httpSection.safeParse({ prefix }).error?.issues[0]?.message).toBe(
      "must be a path of lower-case letters, digits, dots, hyphens, underscores and tildes, such as /api/tickets, without a slash at its end",
    );
  });

  test("refuses a key that it does not know", () => {
    expect(httpSection.safeParse({ prefx: "/a" }).success).toBe(false);
  });
});

describe("the settings", () => {
  test("are a JSON Schema with a description and a default for each", () => {
    const schema = settingsSchema() as { properties: Record<string, { description?: string; default?: unknown }> };
    for (const [key, { description, default: fallback }] of Object.entries(schema.properties)) {
      expect(description, key).toBeTypeOf("string");
      expect(fallback, key).toBeDefined();
    }
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
  });
});
