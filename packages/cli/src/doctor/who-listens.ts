import { get } from "node:http";
import { json } from "node:stream/consumers";

const limitMs = 2_000;

/**
 * Whether what listens at an address is a platform of modules that have these names. It answers `/livez`, and its
 * list of modules at `/` names no others: so it is this platform, in a process that its control socket does
 * not tell of. Waits for no more than 2 s.
 */
export async function isPlatformOf(names: ReadonlySet<string>, host: string, port: number): Promise<boolean> {
  try {
    const alive = await ask(host, port, "/livez");
    if (!isRecord(alive) || alive.status !== "alive") return false;
    const index = await ask(host, port, "/");
    if (!isRecord(index) || !Array.isArray(index.modules) || index.modules.length === 0) return false;
    return index.modules.every((module) => isRecord(module) && names.has(String(module.name)));
  } catch {
    // Something else listens there.
    return false;
  }
}

/** What a GET answers, as JSON. What listens everywhere is asked on this machine. */
function ask(host: string, port: number, path: string): Promise<unknown> {
  const own = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(limitMs);
    get({ host: own, port, path, signal, agent: false }, (response) => json(response).then(resolve, reject)).on(
      "error",
      reject,
    );
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
