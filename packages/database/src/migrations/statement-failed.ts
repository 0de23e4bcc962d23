/** A place in a file that is known otherwise. */
export interface PlaceInFile {
  readonly line: number;
  readonly column: number;
}

/** A statement of a migration failed on a connection that is still there. `cause` is the driver's error. */
export class StatementFailed extends Error {
  override readonly name = "StatementFailed";
  /** Where the statement stands in the migration's file, as far as it is known. */
  readonly place: PlaceInFile | undefined;

  constructor(cause: unknown, place?: PlaceInFile) {
    super("a statement failed", { cause });
    this.place = place;
  }
}
