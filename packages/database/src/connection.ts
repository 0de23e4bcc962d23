/** A row whose columns are not known. */
export type AnyRow = Record<string, unknown>;

/** What one statement gave. */
export interface StatementResult<Row = AnyRow> {
  readonly rows: Row[];
  /** Rows returned, or changed where none are returned. */
  readonly rowCount: number;
}

/** The same with what the driver says of the statement. */
export interface TaggedResult<Row = AnyRow> extends StatementResult<Row> {
  /** The first word of the command tag: SELECT, INSERT, COMMIT and so on. */
  readonly command: string;
}

/** One connection to the database, while somebody has it to himself. */
export interface Connection {
  /** The backend's process id as the server told it when the connection was made; `undefined` for PGlite. */
  readonly processId: number | undefined;
  /** Runs one statement. Rejects with the driver's error, which carries the SQLSTATE as `code`. */
  query<Row = AnyRow>(sql: string, parameters?: readonly unknown[]): Promise<TaggedResult<Row>>;
  /**
   * Sends several statements as one message, and gives the result of each. When one fails the ones
   * after it are not run, and the error's `completed` tells how many were.
   */
  script(sql: string): Promise<readonly TaggedResult[]>;
}

/** A connection that has to be given back. */
export interface HeldConnection extends Connection {
  /** Gives it back. An open transaction is rolled back. */
  release(): void;
  /** Closes it for good: its state is not known. */
  discard(): void;
}

/** What a module's view needs of a connection that it was given. */
export type LentConnection = Omit<HeldConnection, "script">;

/** Where a module's view gets its connections, and the notifications. */
export interface ConnectionLender {
  /** @throws PlatformError `DATABASE_BUSY` when none gets free in time. */
  acquire(owner: ConnectionOwner): Promise<LentConnection>;
  /** See {@link ConnectionPool.listen}. */
  listen(channel: string, listener: NotificationListener): () => void;
}

/** Who asks for a connection. */
export interface ConnectionOwner {
  readonly name: string;
  /** Where unqualified names of tables are looked up first; `undefined` for one that uses none. */
  readonly schema: string | undefined;
}

/** A connection that lives through one run of the migrations. */
export interface MigrationSession {
  /**
   * Calls `work` with the connection. PGlite, which has only one, lends it for as long as `work` takes,
   * so that modules that are migrated already can use it in between.
   */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Asks the server to break off the statement that is running. Does nothing where there is none. */
  cancel(): Promise<void>;
  /** Closes the connection; never rejects. */
  end(): Promise<void>;
}

/** Is told the payload of a notification; `undefined` when some may have been missed. Must not throw. */
export type NotificationListener = (payload: string | undefined) => void;

/** A database that is open. */
export interface ConnectionPool {
  readonly kind: "postgres" | "pglite";
  /** What is open, for messages; without a password. */
  readonly address: string;
  /** @throws PlatformError `DATABASE_BUSY` when none gets free in time. */
  acquire(owner: ConnectionOwner): Promise<HeldConnection>;
  /** A connection beside the others, without their time limits. */
  openSession(): Promise<MigrationSession>;
  /**
   * Calls `listener` with each notification on a channel (`notify channel, 'payload'`) that is
   * committed from soon on, until the returned function is called. What is sent while the connection
   * is lost is missed, of which the listener is told when it is there again.
   */
  listen(channel: string, listener: NotificationListener): () => void;
  /** Waits for connections in use until `signal` aborts, then closes everything. Further calls do nothing. */
  close(signal?: AbortSignal): Promise<void>;
}

/** An error of {@link Connection.script}, with how many statements had been completed before it. */
export type ScriptError = Error & { readonly completed?: number };
