import type { Manifest, ModuleFacts } from "@plinth/module";
import { type PermissionsSection, permissionsSection } from "./section.ts";

/** What an extension is told of a module whose manifest declares `permissions`, checked by the real schema. */
export function factsOf(
  name: string,
  permissions: unknown,
  file: string | undefined = `/app/${name}/module.yaml`,
): ModuleFacts<PermissionsSection> {
  const checked = permissionsSection["~standard"].validate(permissions);
  if (checked instanceof Promise || !("value" in checked)) throw new Error(JSON.stringify(checked));
  const section = checked.value;
  const manifest: Manifest = {
    name,
    version: "1.0.0",
    description: undefined,
    platform: undefined,
    dependencies: [],
    main: undefined,
    critical: true,
    timeouts: { start: undefined, stop: undefined },
    sections: { permissions: section },
    file,
  };
  return { name, version: "1.0.0", source: "static", manifest, path: undefined, section, definition: undefined };
}
