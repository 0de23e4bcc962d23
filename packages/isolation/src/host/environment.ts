/** Variables that Node or its libraries need to behave as in the host, and that are no secrets. */
const common = ["NODE_ENV", "TZ", "LANG", "LC_ALL", "SystemRoot", "windir"];

/** The environment of a module's process: what it was granted by name, and what Node itself needs. */
export function environmentFor(
  granted: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const found = [...common, ...granted].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
