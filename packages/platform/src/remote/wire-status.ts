import {
  type ModuleStatus,
  PlatformError,
  type PlatformEvent,
  type PlatformStatus,
  type Problem,
} from "@plinth/module";

/** An error of the platform on its way to another process. */
interface WireError {
  readonly problem: Problem;
  readonly stack: string | undefined;
}

/** A module's status on its way to another process, which would forget what kind of error it holds. */
export type WireModule = Omit<ModuleStatus, "error"> & { readonly error: WireError | undefined };

/** An event on its way to another process. */
export type WireEvent = PlatformEvent | { readonly failed: Omit<FailedEvent, "error">; readonly error: WireError };
type FailedEvent = Extract<PlatformEvent, { readonly type: "module.failed" }>;

/** What a module's process is told of the platform before the module's `setup`. */
export interface HostBeginning {
  readonly version: string;
  readonly state: PlatformStatus["state"];
  readonly modules: readonly WireModule[];
}

/** What has happened since the process was told last. */
export interface HostNews {
  readonly events: readonly WireEvent[];
  readonly state: PlatformStatus["state"];
  /** All modules, in the order of the plan. */
  readonly names: readonly string[];
  /** The modules whose status has changed. */
  readonly changed: readonly WireModule[];
}

export function wireModule({ error, ...status }: ModuleStatus): WireModule {
  return { ...status, error: error === undefined ? undefined : wireError(error) };
}

export function moduleFrom({ error, ...status }: WireModule): ModuleStatus {
  return { ...status, error: error === undefined ? undefined : errorFrom(error) };
}

export function wireEvent(event: PlatformEvent): WireEvent {
  if (event.type !== "module.failed") return event;
  const { error, ...failed } = event;
  return { failed, error: wireError(error) };
}

export function eventFrom(event: WireEvent): PlatformEvent {
  return "failed" in event ? { ...event.failed, error: errorFrom(event.error) } : event;
}

function wireError(error: PlatformError): WireError {
  return { problem: error.toJSON(), stack: error.stack };
}

function errorFrom({ problem, stack }: WireError): PlatformError {
  return Object.defineProperty(new PlatformError(problem), "stack", { value: stack, configurable: true });
}
