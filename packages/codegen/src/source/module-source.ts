import type { Manifest } from "@plinth/module";
import type { PermissionsSection } from "@plinth/permissions";
import { docComment } from "./doc-comment.ts";
import { header } from "./header.ts";
import { literal } from "./literal.ts";
import { manifestInput } from "./manifest-input.ts";
import { permissionConstants } from "./permission-constants.ts";
import { settingsType } from "./settings-type.ts";
import { prose } from "./text.ts";
import { membersText, typeText } from "./type-text.ts";

/**
 * The source of a module's `module.gen.ts`: the type of its settings, its manifest, and its
 * permission codes. The same manifest gives the same text.
 */
export function moduleSource(manifest: Manifest): string {
  const { name, version, description, sections } = manifest;
  const config = (sections.config ?? {}) as Readonly<Record<string, unknown>>;
  const permissions = (sections.permissions ?? {}) as PermissionsSection;
  const start = "export const manifest: ManifestInput<Settings> = ";
  return [
    header("module.yaml"),
    'import type { ManifestInput } from "@plinth/module";\n\n',
    settingsSource(config),
    "\n",
    docComment({ text: [prose(description ?? "") || "The manifest of this module."] }),
    `${start}${literal(manifestInput(manifest), 0, start.length)};\n`,
    permissionConstants({ name, version, permissions }),
  ].join("");
}

/** The declaration of the type of settings, from the `config` section of a manifest. */
export function settingsSource(config: Readonly<Record<string, unknown>>): string {
  const { type, notes } = settingsType(config);
  const doc = docComment({ text: ["The settings of this module, checked and with their defaults.", ...notes] });
  if (type.kind === "object" && type.members.length > 0) {
    return `${doc}export interface Settings {\n${membersText(type, 2)}}\n`;
  }
  const start = "export type Settings =";
  const text = typeText(type, 0, start.length + 1);
  return `${doc}${start}${text.startsWith("\n") ? "" : " "}${text};\n`;
}
