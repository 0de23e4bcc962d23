import type { Clock, Logger } from "@plinth/module";
import type { DatabaseSettings } from "./settings.ts";

/** The surroundings of a database that is opened. */
export interface OpenContext {
  readonly settings: DatabaseSettings;
  readonly clock: Clock;
  readonly log: Logger;
}
