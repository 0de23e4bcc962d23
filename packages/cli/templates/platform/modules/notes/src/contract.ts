// What other modules may import: types, and references to services.
import { type ServiceRef, service } from "@plinth/module";

/** The notes, for other modules. */
export interface Notes {
  /** How many notes somebody has written. */
  countBy(author: string): Promise<number>;
}

/** The notes, for other modules. */
export const Notes: ServiceRef<Notes> = service<Notes>("notes.notes");
