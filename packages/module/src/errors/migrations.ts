import { defineErrors } from "./define.ts";

/** Migrations across modules. */
export const migrationsErrors = defineErrors({
  MIGRATIONS_FOLDER_MISSING: {
    message: 'the migrations folder "{folder}" of module "{module}" does not exist',
    fix: "Correct migrations in its manifest, create the folder, or leave the section out.",
    why: "The manifest says that the module has migrations. Without them its tables would be missing.",
  },
  MIGRATIONS_OUTSIDE: {
    message: 'the migrations folder "{folder}" of module "{module}" leads out of the module\'s folder',
    fix: "Move the migrations into the module and name them by a relative path.",
    why: "A module brings its own migrations. A path or a symbolic link that leads out of it could run somebody else's SQL.",
  },
  MIGRATIONS_NO_FOLDER: {
    message: 'module "{module}" has migrations, but no folder that they could be in',
    fix: "Give the module a module.yaml in a folder of its own, beside its migrations.",
    why: "The path of the migrations is relative to the module's folder, and a module that is only in memory has none.",
  },
  MIGRATIONS_BAD_NAME: {
    message: '"{file}" in the migrations of module "{module}" is not named like a migration',
    fix: "Name it like 0001_create_tickets.sql: four digits or more, an underscore, lower-case words, and .sql, .ts or .js.",
    why: "The number gives the order. A file that is passed over without a word is a table that is missing in production.",
  },
  MIGRATIONS_UNREADABLE: {
    message: 'migration {file} of module "{module}" cannot be read: {reason}',
    fix: "Make the file readable, and save it as UTF-8.",
    why: "What cannot be read cannot be applied, and its checksum cannot be compared.",
  },
  MIGRATIONS_DUPLICATE: {
    message: 'module "{module}" has two migrations with the number {number}: {first} and {second}',
    fix: "Give the one that was applied nowhere yet the next free number.",
    why: "Two branches often take the same number. Which one comes first would differ from one database to the next.",
  },
  MIGRATIONS_GAP: {
    message: 'module "{module}" has no migration with the number {number}, but {file}',
    fix: "Number migrations from 0001 without gaps.",
    why: "A gap means that a file was lost, or that it will come later and would then be too late.",
  },
  MIGRATIONS_DIRECTIVE: {
    message: 'migration {file} of module "{module}" begins with "{directive}", which means nothing',
    fix: "Write -- plinth: no-transaction, or -- plinth: no-transaction repeatable.",
    why: "A directive with a typo would run the migration in another way than its author meant.",
  },
  MIGRATIONS_UNTERMINATED: {
    message: 'migration {file} of module "{module}" has {what} that does not end',
    fix: "Close it.",
    why: "It would swallow the rest of the file.",
  },
  MIGRATIONS_EMPTY: {
    message: 'migration {file} of module "{module}" holds no statement',
    fix: "Write its statements, or delete the file while it was applied nowhere.",
    why: "An empty migration that is applied cannot be filled later: its checksum is in the ledger.",
  },
  MIGRATIONS_TRANSACTION_CONTROL: {
    message: 'migration {file} of module "{module}" holds the statement {statement}',
    fix: "Remove it: a migration is one transaction already, and in a file that begins with -- plinth: no-transaction each statement stands for itself.",
    why: "A migration and its line in the ledger are committed together. A COMMIT in between would tear them apart, so that a crash could leave it applied but unrecorded, or half applied.",
  },
  MIGRATIONS_NO_DEFAULT: {
    message: 'migration {file} of module "{module}" has no default export that is a function',
    fix: "Write: export default (migration: MigrationContext) => migration.query(...);",
    why: "The platform calls the default export with the migration's transaction.",
  },
  MIGRATIONS_DRIFT: {
    message:
      'migration {file} of module "{module}" has changed: it was applied as {applied} with checksum {ledger}, and the file now has {checksum}',
    fix: "Restore the file as it was applied, and put the change into a new migration.",
    why: "An applied migration does not run again. Databases that have the old text and databases that get the new one would differ without anybody knowing.",
  },
  MIGRATIONS_LATE: {
    message: 'migration {file} of module "{module}" comes too late: {last} is applied already',
    fix: "Give it the next free number.",
    why: "Migrations run in the order of their numbers. One that is slipped in below would run in another order here than on a new database.",
  },
  MIGRATIONS_DATABASE_NEWER: {
    message:
      'the database is newer than module "{module}": it has migration {number} ({applied}), and the code ends with {last}',
    fix: "Run the newer version of the module, or set database.migrations.newer to allow when the old code works with the new tables.",
    why: "A newer version has migrated this database. Old code may write what the new tables forbid, or forget what they need.",
  },
  MIGRATIONS_HALF_DONE: {
    message: 'migration {file} of module "{module}" was interrupted in statement {statement}: {sql}',
    fix: "Look whether that statement took effect and finish the file by hand; then run: update plinth.migrations set status = 'applied' where module = '{module}' and number = {number}. Or undo it by hand and delete that row.",
    why: "The file runs without a transaction, so what came before the interruption is in effect. Running it again could do things twice. A file that may run twice says so: -- plinth: no-transaction repeatable.",
  },
  MIGRATIONS_FAILED: {
    message: 'migration {file} of module "{module}" failed: {reason}{state}',
    fix: "{hint}",
    why: "The database refused a statement, or the migration's code threw. A migration in a transaction leaves nothing behind.",
  },
  MIGRATIONS_BLOCKED: {
    message: 'migration {file} of module "{module}" did not get its locks: {attempts} times {limit} ms were not enough',
    fix: "Start again when there is less traffic or the long transactions have ended, or raise database.migrations.lockTimeout.",
    why: "A migration that waits for a table's lock makes everybody else wait behind it. It gives way after a short time instead and tries again, a few times.",
  },
  MIGRATIONS_INVALID_INDEX: {
    message: 'migration {file} of module "{module}" left an index that is not valid: {indexes}',
    fix: "Drop the index with DROP INDEX CONCURRENTLY and start again.",
    why: "An interrupted CREATE INDEX CONCURRENTLY leaves an index that costs time with each write and is never used. IF NOT EXISTS passes it over.",
  },
  MIGRATIONS_LEDGER: {
    message: "the ledger of the migrations cannot be prepared: {reason}{state}",
    fix: "{hint}",
    why: "Which migrations are applied stands in the table plinth.migrations. It is created, with a schema for each module, by the first start.",
  },
  MIGRATIONS_LOCK_BUSY: {
    message: "another run of the migrations has held the lock for more than {limit} ms: {holder}",
    fix: "Wait until it has ended; or end it with select pg_terminate_backend({pid}) when it is stuck.",
    why: "One process migrates and the others wait. This one gave up waiting, so that the start ends in bounded time.",
  },
  MIGRATIONS_CONNECTION_LOST: {
    message: "the connection to the database was lost {attempts} times while migrating: {reason}",
    fix: "Look at the database server's log; then start again, which goes on where this run ended.",
    why: "After a lost connection the ledger is read again, because the last commit may have arrived or not.",
  },
  MIGRATIONS_INTERRUPTED: {
    message: 'the migrations were stopped before those of module "{module}" were done',
    fix: "Start again; the next run goes on where this one ended.",
    why: "The platform was asked to stop, or another module failed, while migrations were running or waiting for their lock.",
  },
  MIGRATIONS_DEPENDENCY: {
    message: 'module "{module}" was not migrated, because the migrations of "{dependency}" failed',
    fix: 'Mend the migrations of "{dependency}" first.',
    why: "A module's migrations may refer to the tables of the modules that it depends on.",
  },
});
