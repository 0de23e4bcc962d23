import { deserialize, serialize } from "node:v8";
import { PlatformError, PlatformErrors, platformError } from "@plinth/module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeError, encodeError } from "./errors.ts";

/** As it arrives in another process. */
const sent = (thrown: unknown): unknown => decodeError(deserialize(serialize(encodeError(thrown))));

describe("an error that is sent", () => {
  it("keeps what it was when it is the platform's", () => {
    const cause = new TypeError("below");
    const error = platformError(
      "WIRING_SERVICE_ID",
      { id: "x" },
      { at: [{ file: "a.ts", line: 1, column: 2 }], cause },
    );
    const arrived = sent(error) as PlatformError;
    expect(arrived).toBeInstanceOf(PlatformError);
    expect(arrived.toJSON()).toEqual(error.toJSON());
    expect(arrived.stack).toBe(error.stack);
    expect(arrived.cause).toBeInstanceOf(TypeError);
    const several = sent(new PlatformErrors([error, error])) as PlatformErrors;
    expect(several).toBeInstanceOf(PlatformErrors);
    expect(several.errors.map(({ code }) => code)).toEqual(["WIRING_SERVICE_ID", "WIRING_SERVICE_ID"]);
  });

  it.each([TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError])("keeps its kind: %o", (Kind) => {
    expect(sent(new Kind("odd"))).toBeInstanceOf(Kind);
  });

  it("keeps name, code and simple properties when it is somebody's own", () => {
    const error = Object.assign(new Error("no"), { name: "Own", code: 42, detail: "x", fn: () => 1, deep: {} });
    const arrived = sent(error) as Error;
    expect({ ...arrived, name: arrived.name }).toEqual({ name: "Own", code: 42, detail: "x" });
  });

  it("keeps that it is an abort or a timeout", () => {
    const abort = sent(AbortSignal.abort().reason);
    expect(abort).toBeInstanceOf(DOMException);
    expect(abort).toMatchObject({ name: "AbortError", code: 20 });
  });

  it("ends although it is its own cause", () => {
    const error = new Error("round");
    error.cause = error;
    expect(sent(error)).toMatchObject({ message: "round", cause: { cause: { message: "round" } } });
  });

  it("is what was thrown when that is no error", () => {
    expect(sent("text")).toBe("text");
    expect(sent(7)).toBe(7);
    expect(sent({ a: 1 })).toBe("[object Object]");
    expect(sent(undefined)).toMatchObject({ message: "undefined was thrown" });
  });

  it("can be thrown whatever another process may have sent", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: false }), (wire) => {
        let arrived: unknown;
        try {
          arrived = decodeError(wire);
        } catch (error) {
          // Only for values that cannot be turned into text; the connection ends for them.
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(arrived === undefined || arrived === null).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
