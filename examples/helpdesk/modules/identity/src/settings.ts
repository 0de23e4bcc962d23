import { parseDuration } from "@plinth/module";

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

/** The settings as the manifest's schema lets them through. */
interface Written {
  readonly sessionHours: number;
  readonly cleanUpInterval: string;
  readonly signIn: { readonly attempts: number; readonly attemptsPerAddress: number; readonly window: string };
  readonly seedDemoUsers: boolean;
  readonly administrator?: { readonly email: string; readonly password: string };
}

/** Reads the settings, which the platform has checked and completed. */
export function readSettings(config: Readonly<Record<string, unknown>>): Settings {
  const written = config as unknown as Written;
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
