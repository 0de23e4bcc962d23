/**
 * Whether a code may no longer be checked: the module has left the major version that retired it. A
 * code that is retired without saying since when works as long as it is declared.
 *
 * @param retired as the manifest says it.
 * @param version the module's own, now.
 */
export function hasExpired(retired: boolean | string, version: string): boolean {
  return typeof retired === "string" && majorOf(version) > majorOf(retired);
}

function majorOf(version: string): number {
  return Number(version.split(".", 1)[0]);
}
