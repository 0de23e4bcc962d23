import { PlatformError } from "@plinth/module";
import type { ChangeReport } from "../change/change-report.ts";
import type { ControlChange, ControlProblem } from "./protocol.ts";

/** A problem as it crosses the control socket. */
export function toWire(error: PlatformError): ControlProblem {
  const { cause } = error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : undefined;
  return { ...error.toJSON(), ...(text === undefined ? {} : { cause: text }) };
}

/** A problem that has crossed, with a cause that has the stack of the one over there. */
export function fromWire({ cause, ...problem }: ControlProblem): PlatformError {
  if (cause === undefined) return new PlatformError(problem);
  const error = new Error(cause.split("\n", 1)[0]);
  error.stack = cause;
  return new PlatformError(problem, { cause: error });
}

/** What a change did, as it crosses the control socket. */
export function changeToWire(report: ChangeReport): ControlChange {
  return { ...report, errors: report.errors.map(toWire) };
}
