import type { Ranges } from "../manifest/semver.ts";
import type { RegisteredModule } from "./boot-plan.ts";

const yes = 1;
const no = 2;

/**
 * Holds the versions of modules against ranges. A platform has many dependencies but few different
 * versions and ranges, so versions are numbered and each range remembers its answer for each number.
 */
export class VersionCheck {
  private readonly ranges: Ranges;
  private readonly versions: string[] = [];
  /** The number of each module's version, by the module's position. */
  private readonly numbers: Int32Array;
  private readonly answersOf = new Map<string, number[]>();
  private lastRange = "";
  private lastAnswers: number[] = [];

  constructor(modules: readonly RegisteredModule[], ranges: Ranges) {
    this.ranges = ranges;
    this.numbers = new Int32Array(modules.length);
    const numberOf = new Map<string, number>();
    for (let position = 0; position < modules.length; position++) {
      const { version } = (modules[position] as RegisteredModule).manifest;
      let number = numberOf.get(version);
      if (number === undefined) {
        number = this.versions.push(version) - 1;
        numberOf.set(version, number);
      }
      this.numbers[position] = number;
    }
  }

  /** Whether the version of the module at `position` satisfies `range`. */
  satisfies(position: number, range: string): boolean {
    if (range !== this.lastRange) {
      this.lastRange = range;
      this.lastAnswers = this.answersFor(range);
    }
    const number = this.numbers[position] as number;
    const answer = this.lastAnswers[number] as number;
    if (answer !== 0) return answer === yes;
    const satisfied = this.ranges.satisfies(this.versions[number] as string, range);
    this.lastAnswers[number] = satisfied ? yes : no;
    return satisfied;
  }

  private answersFor(range: string): number[] {
    const known = this.answersOf.get(range);
    if (known !== undefined) return known;
    const answers = new Array<number>(this.versions.length).fill(0);
    this.answersOf.set(range, answers);
    return answers;
  }
}
