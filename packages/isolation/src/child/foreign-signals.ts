type SendSignal = (pid: number, ...rest: unknown[]) => unknown;

/** What this needs of `process`; the last two are not documented, but any module can call them. */
interface SignalSender {
  readonly pid: number;
  readonly permission?: { has(scope: string): boolean } | undefined;
  kill: unknown;
  _kill?: unknown;
  _debugProcess?: unknown;
}

/**
 * Keeps the module from sending signals to other processes, the host above all, unless it may start
 * processes. Node's permission model leaves signals out. This stops mistakes; it is no wall.
 */
export function refuseForeignSignals(sender: SignalSender): void {
  if (sender.permission?.has("child") !== false) return;
  for (const name of ["kill", "_kill", "_debugProcess"] as const) {
    const send = sender[name] as SendSignal | undefined;
    if (send === undefined) continue;
    sender[name] = (pid: number, ...rest: unknown[]) => {
      if (pid !== sender.pid) throw denied(pid);
      return send.call(sender, pid, ...rest);
    };
  }
}

function denied(pid: number): Error {
  const message = `Access to this API has been restricted: a signal to process ${pid}`;
  return Object.assign(new Error(message), { code: "ERR_ACCESS_DENIED", permission: "ChildProcess" });
}
