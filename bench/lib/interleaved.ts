import { execFileSync } from "node:child_process";

/**
 * Runs each command in a fresh process, one after another, `rounds` times over, so that a change of
 * the machine's speed meets all of them alike. Each command prints one JSON value; all of a
 * command's values are returned, in order.
 */
export function interleaved<Value>(
  commands: Readonly<Record<string, readonly string[]>>,
  rounds: number,
  timeoutMs = 300_000,
): Map<string, Value[]> {
  const results = new Map<string, Value[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const output = execFileSync(process.execPath, ["--conditions=plinth-source", ...args], {
        encoding: "utf8",
        timeout: timeoutMs,
        maxBuffer: 1 << 26,
        env: withoutExtraCertificates(),
        stdio: ["ignore", "pipe", "ignore"],
      });
      const last = output.trim().split("\n").at(-1) ?? "";
      results.set(name, [...(results.get(name) ?? []), JSON.parse(last) as Value]);
    }
  }
  return results;
}

/** Reading extra certificates costs each process more than some of what is measured. */
function withoutExtraCertificates(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return env;
}
