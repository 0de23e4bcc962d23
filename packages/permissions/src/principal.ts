/** Somebody, or something, that has been signed in. Modules may extend it with what they know. */
export interface Principal {
  /** The same for the same principal at all times, and never another's. */
  readonly id: string;
  /** For people; not unique. */
  readonly name?: string;
  /** What the module that signs in says besides, such as roles or a tenant. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
