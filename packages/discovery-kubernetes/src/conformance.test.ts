import { registryConformance } from "@plinth/testing/discovery";
import { type KubernetesApi, startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterAll, describe, it } from "vitest";
import { adoptingAdapter, managedAdapter } from "./conformance.fixture.ts";

const api: KubernetesApi = await startKubernetesApi();
afterAll(() => api[Symbol.asyncDispose]());

describe.each([managedAdapter(api), adoptingAdapter(api)])(
  "the Kubernetes registry keeps the laws of the port: $name",
  (adapter) => {
    for (const law of registryConformance(adapter)) {
      const name = law.skip === undefined ? law.name : `${law.name} (${law.skip})`;
      it.skipIf(law.skip !== undefined)(name, law.run);
    }
  },
);
