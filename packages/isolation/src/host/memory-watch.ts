import { readFileSync } from "node:fs";
import type { Clock, Timer } from "@plinth/module";

/** How often the memory of a process is looked at, in milliseconds. Filling memory takes a process a second a gigabyte or so. */
const everyMs = 100;

/**
 * Watches the resident memory of a process from outside, where the system shows it: on Linux. The
 * process itself is not asked, as one that allocates in a loop would not answer.
 *
 * @returns ends the watching; `undefined` where the system shows nothing.
 */
export function watchMemory(
  clock: Clock,
  pid: number,
  limitMb: number,
  onExceeded: () => void,
): (() => void) | undefined {
  if (residentMb(pid) === undefined) return undefined;
  let timer: Timer;
  const look = () => {
    const used = residentMb(pid);
    if (used === undefined) return; // the process is gone
    if (used > limitMb) onExceeded();
    else timer = clock.timer(everyMs, look);
  };
  timer = clock.timer(everyMs, look);
  return () => timer.cancel();
}

function residentMb(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
