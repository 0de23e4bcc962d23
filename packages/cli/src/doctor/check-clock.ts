import { platformError } from "@plinth/module";
import { type Check, failed, passed } from "./check.ts";

/** A time that the machine's clock is held against. */
export interface Witness {
  /** Whose time it is, as a part of a sentence. */
  readonly name: string;
  /** By how many milliseconds it is ahead of this machine's clock. */
  readonly ahead: number;
  /** Whether it is the time now, and not one that must be past. */
  readonly isNow: boolean;
}

/** How far clocks may be apart, in milliseconds: sessions and leases are counted in seconds. */
const tolerance = 5000;

/** Whether the clock agrees with what else knows of the time. */
export function checkClock(witnesses: readonly Witness[]): Check {
  const problems = witnesses.flatMap(({ name, ahead, isNow }) => {
    const isWrong = ahead > tolerance || (isNow && ahead < -tolerance);
    const seconds = Math.round(Math.abs(ahead) / 1000);
    const difference = `${seconds} s ${ahead > 0 ? "behind" : "ahead of"}`;
    return isWrong ? [platformError("COMMAND_CLOCK_WRONG", { difference, witness: name })] : [];
  });
  if (problems.length > 0) return failed("clock", "it is wrong, or another one is", problems);
  const names = witnesses.filter(({ isNow }) => isNow).map(({ name }) => name);
  return passed("clock", names.length === 0 ? "nothing speaks against it" : `agrees with ${names.join(", ")}`);
}
