declare const configType: unique symbol;

/** What a module says of one module that it depends on. */
export interface DependencyInput {
  /** A semver range, at most 256 characters. */
  readonly version: string;
  /** Default `false`. An optional dependency may be absent; when present it must satisfy the range. */
  readonly optional?: boolean;
}

/** A duration as people write it: `500ms`, `30s`, `2m`, `12h`. */
export type Duration = `${number}${"ms" | "s" | "m" | "h"}`;

/**
 * A manifest as its author writes it, in `module.yaml` or inline. Sections that belong to an
 * extension (permissions, migrations, config and others) are typed by that extension's schema.
 *
 * @typeParam Config the module's own settings, after validation and defaults.
 */
export interface ManifestInput<Config = Readonly<Record<string, unknown>>> {
  /** Lower-case kebab: `[a-z][a-z0-9-]*`. */
  readonly name: string;
  /** A semver version. */
  readonly version: string;
  readonly description?: string;
  /** The range of the host's API version that the module works with. Default: any. */
  readonly platform?: string;
  /** The modules that this one needs, by name: a semver range, or range and options. */
  readonly dependencies?: Readonly<Record<string, string | DependencyInput>>;
  /** The entry file, relative to the module's folder. Default: `src/index.ts`, then `index.js`. */
  readonly main?: string;
  /** Default `true`. With `false` the platform starts degraded when this module fails. */
  readonly critical?: boolean;
  /** Budgets for one hook of the module. */
  readonly timeouts?: { readonly start?: string; readonly stop?: string };
  /** Sections of extensions. */
  readonly [section: string]: unknown;
  readonly [configType]?: Config;
}

/** One dependency of a checked manifest. */
export interface Dependency {
  readonly name: string;
  readonly range: string;
  readonly optional: boolean;
}

/** A manifest that has passed validation, with every default filled in. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string | undefined;
  readonly platform: string | undefined;
  /** In the order of the manifest. */
  readonly dependencies: readonly Dependency[];
  readonly main: string | undefined;
  readonly critical: boolean;
  /** Milliseconds; `undefined` where the platform's default holds. */
  readonly timeouts: { readonly start: number | undefined; readonly stop: number | undefined };
  /** The validated value of each extension section that the manifest has, by its key. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** Absolute path of the manifest's file; `undefined` for an inline manifest. */
  readonly file: string | undefined;
}
