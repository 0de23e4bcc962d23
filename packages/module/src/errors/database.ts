import { defineErrors } from "./define.ts";

/** The database itself. */
export const databaseErrors = defineErrors({
  DATABASE_URL_INVALID: {
    message: "the setting database.url is not the address of a PostgreSQL database",
    fix: "Write it as postgres://user:password@host:5432/name, with special characters of the password percent-encoded.",
    why: "The address could not be understood. It is not shown here, because it may hold a password.",
  },
  DATABASE_UNREACHABLE: {
    message: "PostgreSQL at {url} did not answer within {limit} ms: {reason}",
    fix: "Start the server or correct database.url; without that setting the platform uses PGlite in a folder.",
    why: "The platform tries again until the time is over, because a database often starts together with it.",
  },
  DATABASE_REFUSED: {
    message: "PostgreSQL at {url} refused the connection: {reason} (SQLSTATE {state})",
    fix: "Correct user, password or database name in database.url, or create what is missing on the server.",
    why: "The server answered and said no. Trying again would not change that.",
  },
  DATABASE_POOLER: {
    message: "a connection pooler in transaction mode stands between the platform and PostgreSQL at {url}",
    fix: "Let database.url name PostgreSQL itself, or the pooler's port for session mode.",
    why: "In transaction mode each transaction may run on another connection. The migration lock and each module's search path belong to a connection, so one module's statements would meet another module's tables.",
  },
  DATABASE_OPEN_FAILED: {
    message: "the database in {folder} could not be opened: {reason}",
    fix: "Look at the cause below; when the folder was copied or written by an older version, restore it from a backup or set database.dataDir to a new one.",
    why: "PGlite keeps its data in a folder and could not start from what it found there.",
  },
  DATABASE_FOLDER_IN_USE: {
    message: "the database folder {folder} is in use by process {pid}{detail}",
    fix: "Stop process {pid} first, or give this platform a folder of its own with database.dataDir.",
    why: "PGlite does not keep a second process out of its folder: both would close without an error, and rows that one of them had confirmed would be gone.",
  },
  DATABASE_FOLDER_FOREIGN: {
    message: "the database folder {folder} is locked by process {pid} on {host}, which cannot be seen from here",
    fix: "Stop that process; when it is gone for good, delete {lock}.",
    why: "The lock was written on another machine or in another container. Whether its process still runs cannot be found out from here, and a lock is never taken from the living.",
  },
  DATABASE_FOLDER_LOCK: {
    message: "the lock file {lock} cannot be understood",
    fix: "Make sure that no process uses the database folder, then delete the file.",
    why: "Something else wrote or cut off the file that says who uses the database folder.",
  },
  DATABASE_NOT_OPEN: {
    message: 'module "{module}" used the database while it was not open',
    fix: "Use it between the module's start and its stop; what outlives the stop hook must be awaited there.",
    why: "The database opens before the first module starts and closes after the last one has stopped.",
  },
  DATABASE_BUSY: {
    message: 'module "{module}" waited {limit} ms for a database connection; in use by {holders}',
    fix: "Inside a transaction use what its callback is given, not the database itself; end transactions soon; or raise database.pool.size (PGlite has a single connection).",
    why: "All connections are in use. Most often a transaction waits for a query that itself waits for a connection.",
  },
  DATABASE_SCHEMA_NAME: {
    message: 'module "{module}" cannot have the database schema "{schema}": {reason}',
    fix: "Give the module another name.",
    why: "Each module that uses the database has a schema there, named like the module with underscores for hyphens.",
  },
});
