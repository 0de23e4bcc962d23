import path from "node:path";

/**
 * The folder of this user that platformctl keeps its caches in: `PLATFORMCTL_CACHE` where it is set, else the system's
 * place for caches. It may be removed at any time. `undefined` where there is no such place.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  system: NodeJS.Platform = process.platform,
): string | undefined {
  const { PLATFORMCTL_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local, HOME: home } = env;
  if (own) return path.resolve(own);
  if (system === "win32") return local ? path.join(local, "platformctl", "Cache") : undefined;
  if (xdg && path.isAbsolute(xdg)) return path.join(xdg, "platformctl");
  if (!home) return undefined;
  return system === "darwin"
    ? path.join(home, "Library", "Caches", "platformctl")
    : path.join(home, ".cache", "platformctl");
}
