import type { Problem } from "@plinth/module";

/** What the process that tests a module is asked for. */
export interface ModuleTestRequest {
  readonly module: string;
  /** The module and what it cannot do without. */
  readonly only: readonly string[];
  /** The platform's root, absolute. */
  readonly root: string;
  /** Settings that were given by `--set`. */
  readonly set: readonly string[];
  /** Where the throwaway database goes, absolute; not there yet. */
  readonly databaseFolder: string;
  /** Where the folder is kept that the database is copied from, absolute. */
  readonly templateCache: string | undefined;
}

/** How far a test is, as a part of a sentence: the module was still ... */
export type TestPhase = "loading" | "starting" | "answering its health checks" | "stopping" | "ending";

/** What was measured, in milliseconds; `null` for what the test did not come to. */
export interface TestTimes {
  /** The module's own setup, migrations and start, without those of what it depends on. */
  readonly startMs: number | null;
  /** The module's own stop. */
  readonly stopMs: number | null;
}

/** What the process tells of itself, a line of JSON each. */
export type TestMessage =
  | { readonly type: "phase"; readonly phase: TestPhase }
  | { readonly type: "exit"; readonly code: number; readonly problems: readonly Problem[]; readonly at: Problem["at"] }
  | ({ readonly type: "end"; readonly problems: readonly Problem[]; readonly notes: readonly string[] } & TestTimes);
