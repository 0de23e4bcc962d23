import { describe, expect, it } from "vitest";
import { PlatformError, PlatformErrors, platformError, problemsOf } from "./platform-error.ts";
import { formatProblem } from "./render.ts";
import { errorAreas, errorTable } from "./table.ts";

describe("the error table", () => {
  it("holds every code of every area once", () => {
    const codes = Object.values(errorAreas).flatMap((area) => Object.keys(area));
    expect(new Set(codes).size).toBe(codes.length);
    expect(Object.keys(errorTable).sort()).toEqual(codes.sort());
  });

  it.each(Object.entries(errorTable))("says what is wrong and what to do: %s", (code, { message, fix, why }) => {
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/);
    expect(message).toMatch(/[^.\s]$/);
    expect(fix).toMatch(/^(?:[A-Z].*\S|\{\w+\}.*)$/s);
    expect(why).toMatch(/^[A-Z].*\.$/s);
  });
});

describe("platformError", () => {
  it("fills values into message and fix and keeps places and cause", () => {
    const cause = new Error("because");
    const at = [{ file: "a/module.yaml", line: 3, column: 5 }];
    const error = platformError(
      "WIRING_UNDECLARED",
      { module: "tickets", service: "identity.users", provider: "identity", range: "^1.0.0" },
      { at, cause },
    );
    expect(error).toBeInstanceOf(PlatformError);
    expect(error.cause).toBe(cause);
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      code: "WIRING_UNDECLARED",
      message:
        'module "tickets" requires the service "identity.users", but does not declare a dependency on "identity"',
      fix: 'Add to dependencies in its manifest: identity: "^1.0.0"',
      at,
    });
    expect(formatProblem(error)).toBe(
      [
        "a/module.yaml:3:5",
        `  WIRING_UNDECLARED: ${error.message}`,
        '  fix: Add to dependencies in its manifest: identity: "^1.0.0"',
      ].join("\n"),
    );
  });

  it("is compiled only with all values that the texts need", () => {
    // @ts-expect-error the value `id` is missing
    const withoutValues = () => platformError("WIRING_SERVICE_ID", {});
    // @ts-expect-error there is no such code
    const withoutCode = () => platformError("NO_SUCH_CODE", {});
    expect(withoutValues().message).toBe('"{id}" is not the id of a service');
    expect(withoutCode).toThrow();
  });
});

describe("problemsOf", () => {
  it("takes several problems apart and knows none in other errors", () => {
    const one = platformError("WIRING_SERVICE_ID", { id: "a" });
    const two = platformError("WIRING_SERVICE_ID", { id: "b" });
    expect(problemsOf(one)).toEqual([one]);
    expect(problemsOf(new PlatformErrors([one, two]))).toEqual([one, two]);
    expect(new PlatformErrors([one, two]).message).toBe(
      `WIRING_SERVICE_ID: ${one.message}\nWIRING_SERVICE_ID: ${two.message}`,
    );
    expect(problemsOf(new Error("else"))).toEqual([]);
  });
});
