import type { RegisteredModule } from "@plinth/kernel";
import type { Manifest, ServiceRefs } from "@plinth/module";
import { fullCode, type PermissionsSection } from "@plinth/permissions";
import { listSettings, type SettingEntry, type Settings } from "@plinth/platform";
import { type ListedModule, listedModule } from "./listed-module.ts";

/** A module as `modules show --json` shows it: what `modules list` says, and all the rest. */
export interface ShownModule extends Omit<ListedModule, "permissions"> {
  readonly description: string | null;
  /** Absolute; `null` for a manifest that is part of the code. */
  readonly manifest: string | null;
  /** The range of the host's version that it works with. */
  readonly platform: string | null;
  readonly critical: boolean;
  /** Milliseconds; `null` where the platform's default holds. */
  readonly timeouts: { readonly start: number | null; readonly stop: number | null };
  /** The modules that depend on it, by what their manifests say. */
  readonly dependents: ListedModule["dependencies"];
  /** Ids of services; `null` where they stand only in code, which is not run. */
  readonly services: {
    readonly provides: readonly string[];
    readonly requires: readonly string[];
    readonly optional: readonly string[];
  } | null;
  readonly permissions: readonly { readonly code: string; readonly description: string | null }[];
  /** Effective ones, secrets masked. */
  readonly settings: readonly SettingEntry[];
}

/** Everything that is known of one of the modules without running its code. */
export function shownModule(
  module: RegisteredModule,
  modules: readonly RegisteredModule[],
  settings: Settings | undefined,
): ShownModule {
  const { manifest, definition } = module;
  const { name } = manifest;
  const { permissions, ...listed } = listedModule(module);
  const ids = (refs: ServiceRefs) => Object.values(refs).map(({ id }) => id);
  return {
    ...listed,
    description: manifest.description ?? null,
    manifest: manifest.file ?? null,
    platform: manifest.platform ?? null,
    critical: manifest.critical,
    timeouts: { start: manifest.timeouts.start ?? null, stop: manifest.timeouts.stop ?? null },
    dependents: modules.flatMap((each) =>
      each.manifest.dependencies.flatMap((dependency) =>
        dependency.name === name ? [{ ...dependency, name: each.manifest.name }] : [],
      ),
    ),
    services:
      definition === undefined
        ? null
        : {
            provides: ids(definition.provides),
            requires: ids(definition.requires),
            optional: ids(definition.optional),
          },
    permissions: permissions.map((code) => ({ code, description: descriptionOf(manifest, code) })),
    settings:
      settings === undefined ? [] : listSettings(settings).filter(({ setting }) => setting.startsWith(`${name}.`)),
  };
}

function descriptionOf({ name, sections }: Manifest, code: string): string | null {
  const section = (sections.permissions ?? {}) as PermissionsSection;
  const local = Object.keys(section).find((key) => fullCode(name, key) === code);
  return (local === undefined ? undefined : section[local]?.description) ?? null;
}
