import { vi } from "vitest";

/** Waits until `check` does not throw any more. Patient, as processes meet whatever else the machine does. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 5 });
}
