import type { RegistrationSpec, ServiceRegistry } from "@plinth/discovery";

/** What the check of a law works with. Everything it opened is closed after the check. */
export interface LawContext {
  /** The name of a service that no other check uses. */
  readonly service: string;
  /** A registration of that service, changed by `change`. */
  spec(change?: Partial<RegistrationSpec>): RegistrationSpec;
  /** Another registry on the backend. */
  connect(): Promise<ServiceRegistry>;
  /** Asks `probe` until it gives something else than `undefined` or `false`; fails naming `what` when that takes too long. */
  eventually<T>(what: string, probe: () => T | Promise<T>): Promise<Exclude<T, undefined | false>>;
  /** Makes the backend unreachable, until `restore`. */
  interrupt(): Promise<void>;
  restore(): Promise<void>;
  /** Makes the backend forget all registrations. */
  wipe(): Promise<void>;
}

/** What every registry must do. */
export interface Law {
  /** Stable, kebab case: what an adapter's `skip` names. */
  readonly id: string;
  /** A sentence that is true of a registry that conforms. */
  readonly name: string;
  /** What the adapter must offer besides `connect`. */
  readonly needs?: readonly ("interrupt" | "wipe")[];
  /** Resolves when the law held; throws an `AssertionError` otherwise. */
  check(context: LawContext): Promise<void>;
}
