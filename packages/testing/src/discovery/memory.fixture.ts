import { createMemoryRegistry, createMemoryStore } from "@plinth/discovery";
import type { ConformanceAdapter } from "./conformance-adapter.ts";

export const store = createMemoryStore();

/** The in-memory registry, as the conformance suite asks for it. */
export const memory: ConformanceAdapter = {
  name: "memory",
  connect: async () => createMemoryRegistry({ store, backoff: { minMs: 5, maxMs: 20 }, resolveTimeoutMs: 100 }),
  async interrupt() {
    store.interrupt();
    return async () => store.restore();
  },
  wipe: async () => store.wipe(),
};
