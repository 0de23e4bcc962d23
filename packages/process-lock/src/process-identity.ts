import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process as one that may look at it later can tell it from another that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the system's own terms; `""` where the system does not say. */
  readonly started: string;
  readonly host: string;
  /** Changes with each boot of the machine; `""` where the system does not say. */
  readonly boot: string;
  /** Within it a process id means the same process: a container has one of its own. */
  readonly namespace: string;
}

/** What can be found out about another process. `unknown`: it is out of sight from here. */
export type Liveness = "alive" | "dead" | "unknown";

/** Who this process is. */
export function ownIdentity(): ProcessIdentity {
  const { pid } = process;
  return { pid, started: startTime(pid) ?? "", host: hostname(), boot: bootId(), namespace: pidNamespace() };
}

/** Whether the process that wrote `identity` still runs. Never says `dead` of one that might live. */
export function livenessOf(identity: ProcessIdentity, self: ProcessIdentity = ownIdentity()): Liveness {
  const sameHost = identity.host === self.host;
  if (identity.boot !== self.boot) return sameHost ? "dead" : "unknown";
  // Where the system tells its boots apart the same boot means the same machine, whatever it is called now.
  if (identity.boot === "" && !sameHost) return "unknown";
  if (identity.namespace !== self.namespace) return "unknown";
  const started = startTime(identity.pid);
  if (started === undefined) return "dead";
  return started === "" || identity.started === "" || started === identity.started ? "alive" : "dead";
}

/** When the process started; `undefined` when there is none, `""` when it runs but does not say. */
function startTime(pid: number): string | undefined {
  if (process.platform === "linux") return startTimeOnLinux(pid);
  if (!exists(pid)) return undefined;
  if (process.platform === "win32") return "";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env: { LC_ALL: "C" } }).trim();
  } catch {
    return exists(pid) ? "" : undefined;
  }
}

/** The 22nd field of /proc/PID/stat. The second field is the program's name in brackets and may hold anything. */
function startTimeOnLinux(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return exists(pid) ? "" : undefined;
  }
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended and holds no file any more; only its parent has not asked for its exit code.
  return fields[0] === "Z" || fields[0] === "X" ? undefined : (fields[19] ?? "");
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function bootId(): string {
  if (process.platform === "darwin") {
    return orEmpty(() => execFileSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" }).trim());
  }
  return orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
}

function pidNamespace(): string {
  return orEmpty(() => readlinkSync("/proc/self/ns/pid"));
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
