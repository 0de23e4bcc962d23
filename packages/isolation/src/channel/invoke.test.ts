import { describe, expect, it } from "vitest";
import { invoke } from "./invoke.ts";

class Users {
  readonly prefix = "user ";
  name(id: number): string {
    return this.prefix + id;
  }
}

describe("invoke", () => {
  it("calls methods of an object and of its class, on the object", () => {
    expect(invoke(new Users(), "identity.users", "name", [7])).toBe("user 7");
    expect(invoke({ add: (a: number, b: number) => a + b }, "x.y", "add", [1, 2])).toBe(3);
  });

  it.each(["prefix", "missing", "constructor", "__proto__", "toString", "hasOwnProperty", "__defineGetter__"])(
    "refuses %s, which is no method of the service",
    (name) => {
      expect(() => invoke(new Users(), "identity.users", name, [])).toThrow(
        `the service "identity.users" has no method "${name}"`,
      );
    },
  );

  it("refuses everything of what is no object", () => {
    expect(() => invoke(undefined, "x.y", "a", [])).toThrow('the service "x.y" has no method "a"');
    expect(() => invoke(null, "x.y", "a", [])).toThrow('the service "x.y" has no method "a"');
  });
});
