import { type Manifest, type ModuleFacts, PlatformErrors } from "@plinth/module";
import { collectPermissions, type PermissionsSection, permissionsSection } from "@plinth/permissions";
import { Codes } from "./codes.ts";

/** The permissions of modules in version 1.0.0, as their manifests would declare them. */
export function codesOf(declared: Readonly<Record<string, unknown>>, version = "1.0.0"): Codes {
  const modules = Object.entries(declared).map(([name, section]) => factsOf(name, version, section));
  const { permissions, problems } = collectPermissions(modules, (file) => ({ file }));
  if (problems.length > 0) throw new PlatformErrors(problems);
  return new Codes([...permissions.values()]);
}

function factsOf(name: string, version: string, written: unknown): ModuleFacts<PermissionsSection> {
  const checked = permissionsSection["~standard"].validate(written);
  if (!("value" in checked)) throw new Error(JSON.stringify(checked));
  const section = checked.value;
  return { name, version, source: "static", manifest: {} as Manifest, path: undefined, section, definition: undefined };
}
