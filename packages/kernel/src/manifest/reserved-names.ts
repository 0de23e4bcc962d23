import { type PlatformError, platformError } from "@plinth/module";
import type { Origin } from "./origin.ts";

/** Keys of platform.yaml that belong to the platform, so that no module can have its settings there. */
export const platformKeys: ReadonlySet<string> = new Set([
  "name",
  "modules",
  "stop",
  "log",
  "plugins",
  "isolation",
  "restart",
  "control",
]);

/** The name of the host's own module, which gives the others their view of the platform. */
export const hostModuleName = "platform";

/** Refuses the names that the platform keeps for itself; its own modules may use {@link hostModuleName}. */
export function checkReserved(name: unknown, origin: Origin, isPlatform: boolean): PlatformError[] {
  if (typeof name !== "string") return [];
  if (!platformKeys.has(name) && (isPlatform || name !== hostModuleName)) return [];
  const reserved = [...platformKeys, hostModuleName].join(", ");
  const values = { key: origin.describe(["name"]), name, reserved };
  return [platformError("MANIFEST_NAME_RESERVED", values, { at: origin.at(["name"], "value") })];
}
