import { durationPattern, parseDuration } from "@plinth/module";

/** What to do when the ledger has migrations that the code does not know. */
export type NewerPolicy = "refuse" | "allow";

/** The section `database` of platform.yaml. Durations are written as `500ms`, `30s`, `2m`; `0s` stands for no limit. */
export interface DatabaseConfig {
  /** `postgres://user:password@host:5432/name`. Without it PGlite keeps the data in `dataDir`. */
  readonly url?: string;
  /** PGlite's folder, relative to the platform's root, or `memory://`. Default `.data/database`. */
  readonly dataDir?: string;
  /** How long the server may be unreachable at the start. Default `10s`. */
  readonly connectTimeout?: string;
  /** Longest run of one statement of a module; PostgreSQL only. Default `30s`. */
  readonly statementTimeout?: string;
  /** Longest wait of such a statement for a lock; PostgreSQL only. Default `10s`. */
  readonly lockTimeout?: string;
  readonly pool?: {
    /** Most connections at one time. Default 10; PGlite always has one. */
    readonly size?: number;
    /** Longest wait for a free connection. Default `10s`. */
    readonly acquireTimeout?: string;
    /** After this time an unused connection is closed. Default `30s`. */
    readonly idleTimeout?: string;
  };
  readonly migrations?: {
    /** Longest wait for another process that is migrating. Default `10m`. */
    readonly wait?: string;
    /** Longest wait of a migration for a table that is in use, at each attempt. Default `5s`. */
    readonly lockTimeout?: string;
    /** How many times a migration is tried when tables are in use. Default 5. */
    readonly attempts?: number;
    /** Longest run of one migration's statement. Default `0s`. */
    readonly statementTimeout?: string;
    /** Default `refuse`. */
    readonly newer?: NewerPolicy;
  };
}

const duration = (value: string, description: string) =>
  ({ type: "string", pattern: durationPattern, default: value, description }) as const;

const section = <Properties extends object>(properties: Properties) =>
  ({ type: "object", additionalProperties: false, default: {}, properties }) as const;

/** JSON Schema of {@link DatabaseConfig}, with all defaults. */
export const configSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    url: {
      type: "string",
      pattern: "^postgres(ql)?://",
      writeOnly: true,
      description: "Address of a PostgreSQL database. Without it PGlite is used.",
    },
    dataDir: { type: "string", minLength: 1, default: ".data/database", description: "PGlite's folder, or memory://" },
    connectTimeout: duration("10s", "How long the server may be unreachable at the start."),
    statementTimeout: duration("30s", "Longest run of one statement of a module; 0s for none."),
    lockTimeout: duration("10s", "Longest wait of such a statement for a lock; 0s for none."),
    pool: section({
      size: { type: "integer", minimum: 1, maximum: 1000, default: 10, description: "Most connections at one time." },
      acquireTimeout: duration("10s", "Longest wait for a free connection."),
      idleTimeout: duration("30s", "After this time an unused connection is closed."),
    }),
    migrations: section({
      wait: duration("10m", "Longest wait for another process that is migrating."),
      lockTimeout: duration("5s", "Longest wait of a migration for a table that is in use, at each attempt."),
      attempts: {
        type: "integer",
        minimum: 1,
        maximum: 100,
        default: 5,
        description: "How many times a migration is tried when tables are in use.",
      },
      statementTimeout: duration("0s", "Longest run of one migration's statement; 0s for none."),
      newer: {
        enum: ["refuse", "allow"],
        default: "refuse" as NewerPolicy,
        description: "What to do when the database has migrations that the code does not know.",
      },
    }),
  },
} as const;

/** How migrations are run; times in milliseconds. */
export interface MigrationSettings {
  readonly waitMs: number;
  readonly lockTimeoutMs: number;
  readonly attempts: number;
  readonly statementTimeoutMs: number;
  readonly newer: NewerPolicy;
}

/** The settings as the code uses them: complete, times in milliseconds, 0 for no limit. */
export interface DatabaseSettings {
  readonly url: string | undefined;
  readonly dataDir: string;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly pool: { readonly size: number; readonly acquireTimeoutMs: number; readonly idleTimeoutMs: number };
  readonly migrations: MigrationSettings;
}

/** Completes a section that follows {@link configSchema} with its defaults. */
export function settingsOf(config: DatabaseConfig = {}): DatabaseSettings {
  const { properties } = configSchema;
  const pool = properties.pool.properties;
  const migrations = properties.migrations.properties;
  const time = (given: string | undefined, { default: otherwise }: { readonly default: string }) =>
    parseDuration(given ?? otherwise) ?? 0;
  return {
    url: config.url,
    dataDir: config.dataDir ?? properties.dataDir.default,
    connectTimeoutMs: time(config.connectTimeout, properties.connectTimeout),
    statementTimeoutMs: time(config.statementTimeout, properties.statementTimeout),
    lockTimeoutMs: time(config.lockTimeout, properties.lockTimeout),
    pool: {
      size: config.pool?.size ?? pool.size.default,
      acquireTimeoutMs: time(config.pool?.acquireTimeout, pool.acquireTimeout),
      idleTimeoutMs: time(config.pool?.idleTimeout, pool.idleTimeout),
    },
    migrations: {
      waitMs: time(config.migrations?.wait, migrations.wait),
      lockTimeoutMs: time(config.migrations?.lockTimeout, migrations.lockTimeout),
      attempts: config.migrations?.attempts ?? migrations.attempts.default,
      statementTimeoutMs: time(config.migrations?.statementTimeout, migrations.statementTimeout),
      newer: config.migrations?.newer ?? migrations.newer.default,
    },
  };
}
