import { findConsul } from "@plinth/testing/consul";
import { registryConformance } from "@plinth/testing/discovery";
import { afterAll, describe, it } from "vitest";
import { startConsulUnderTest } from "./conformance.fixture.ts";

const consul = await findConsul();
const underTest = "missing" in consul ? undefined : await startConsulUnderTest(consul.path);
if ("missing" in consul) console.warn(`Skipped: ${consul.missing}`);
afterAll(() => underTest?.[Symbol.asyncDispose]());

describe.skipIf(underTest === undefined)("the registry on Consul keeps the laws of the port", () => {
  if (underTest === undefined) return it("needs Consul");
  for (const law of registryConformance(underTest.adapter)) it.skipIf(law.skip !== undefined)(law.name, law.run);
});
