import { offerSharedServer, sharedServerVariable } from "./shared.ts";

/**
 * Global setup for vitest: all test files of a run share one PostgreSQL, which starts when the first
 * one asks for it and ends with the run.
 */
export async function setup(): Promise<() => Promise<void>> {
  const shared = await offerSharedServer();
  process.env[sharedServerVariable] = shared.address;
  return async () => {
    delete process.env[sharedServerVariable];
    await shared.stop();
  };
}
