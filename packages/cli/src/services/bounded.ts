import { registryError } from "@plinth/discovery";

/** Runs a question to a registry for at most `ms` milliseconds. Rejects with `DISCOVERY_TIMEOUT` after that. */
export async function bounded<T>(ms: number, action: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ms);
  try {
    return await ask(signal);
  } catch (error) {
    throw signal.aborted ? registryError("DISCOVERY_TIMEOUT", { registry: "hand", action, limit: ms }) : error;
  }
}
