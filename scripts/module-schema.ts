import { databaseCapability } from "@plinth/database";
import { httpCapability } from "@plinth/http";
import { isolationExtension } from "@plinth/isolation";
import { createManifestSchema, manifestJsonSchema } from "@plinth/kernel";
import { permissionsCapability } from "@plinth/permissions";
import { discoveryCapability, readSettings, settingsExtension } from "@plinth/platform";

/** The text of packages/module/module.schema.json: the manifest with the sections that every platform has. */
export function moduleSchema(): string {
  const extensions = [
    settingsExtension(() => readSettings({})),
    isolationExtension(),
    ...[databaseCapability(), permissionsCapability(), httpCapability(), discoveryCapability()].flatMap(
      ({ extension }) => extension ?? [],
    ),
  ];
  const schema = createManifestSchema(extensions.flatMap(({ section }) => section ?? []));
  return `${JSON.stringify(manifestJsonSchema(schema), null, 2)}\n`;
}
