import { platformKeys } from "@plinth/kernel";
import { expect, test } from "vitest";
import { platformKeyNames } from "./platform-keys.ts";

test("the names that no module may have are the keys that platform.yaml has for itself", () => {
  expect([...platformKeys].sort()).toEqual([...platformKeyNames].sort());
});
