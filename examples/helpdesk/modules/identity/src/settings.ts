import { parseDuration } from "@plinth/module";
import type { Settings as Written } from "./module.gen.ts";

/** The settings of this module, times in milliseconds. */
export interface Settings {
  readonly sessionMs: number;
  readonly cleanUpMs: number;
  readonly attempts: number;
  readonly attemptsPerAddress: number;
  readonly attemptWindowMs: number;
  readonly seedDemoUsers: boolean;
  readonly administrator: { readonly email: string; readonly password: string } | undefined;
}

/** The settings in the units that the module works with. */
export function readSettings(written: Written): Settings {
  return {
    sessionMs: written.sessionHours * 3_600_000,
    cleanUpMs: parseDuration(written.cleanUpInterval) ?? 0,
    attempts: written.signIn.attempts,
    attemptsPerAddress: written.signIn.attemptsPerAddress,
    attemptWindowMs: parseDuration(written.signIn.window) ?? 0,
    seedDemoUsers: written.seedDemoUsers,
    administrator: written.administrator,
  };
}
