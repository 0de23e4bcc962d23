/** One permission of the platform. */
export interface PermissionInfo {
  /** The full code, `<module>.<local code>`: what grants and checks name. */
  readonly code: string;
  /** The module that declares it. */
  readonly module: string;
  /** The code as the module's manifest writes it. */
  readonly localCode: string;
  readonly description: string | undefined;
  /** The heading under which people see it. */
  readonly group: string | undefined;
  /** The module's version that introduced it. */
  readonly since: string | undefined;
  /** The full code of the direct successor. */
  readonly replacedBy: string | undefined;
  /** The full code that decides in its place: the end of its successors, or the code itself. */
  readonly current: string;
  /** Whether it is no longer in use, or the module's version since which it is not. */
  readonly retired: boolean | string;
  /** Whether the major version that retired it is over: checks of it are refused. */
  readonly expired: boolean;
}

/** Permissions by full code, in the order of the modules and of their manifests. */
export type PermissionMap = ReadonlyMap<string, PermissionInfo>;
