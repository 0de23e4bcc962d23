import type { Dependency, DependencyInput, Manifest } from "@plinth/module";
import type { PermissionDeclaration, PermissionsSection } from "@plinth/permissions";

/**
 * A checked manifest as its author could have written it: nothing that it says is lost, and what is
 * only a default is left out. Checking it gives the same manifest again.
 */
export function manifestInput(manifest: Manifest): Readonly<Record<string, unknown>> {
  const { name, version, description, platform, dependencies, main, critical, timeouts, sections } = manifest;
  const { start, stop } = timeouts;
  return {
    name,
    version,
    description,
    platform,
    dependencies: dependencies.length === 0 ? undefined : Object.fromEntries(dependencies.map(dependencyInput)),
    main,
    critical: critical ? undefined : false,
    timeouts:
      start === undefined && stop === undefined ? undefined : { start: durationText(start), stop: durationText(stop) },
    ...sections,
    ...(sections.permissions === undefined ? {} : { permissions: permissionsInput(sections.permissions) }),
  };
}

function dependencyInput({ name, range, optional }: Dependency): [string, string | DependencyInput] {
  return [name, optional ? { version: range, optional } : range];
}

function durationText(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** Declarations that are nothing but a description are written as such. */
function permissionsInput(section: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(section as PermissionsSection).map(([code, declaration]) => [code, shortest(declaration)]),
  );
}

function shortest(declaration: PermissionDeclaration): PermissionDeclaration | string {
  const { description, since, replacedBy, retired, group } = declaration;
  const others = { since, replacedBy, retired, group };
  if (description !== undefined && Object.values(others).every((value) => value === undefined)) return description;
  return { description, ...others } as PermissionDeclaration;
}
