import Range from "semver/classes/range.js";

/** The longest range or version that is looked at, in characters. */
export const rangeLimit = 256;

/**
 * The form of a version, as semver.org gives it, with numbers small enough to be compared exactly.
 * JSON Schema's `pattern` understands it too.
 */
export const versionPattern =
  "^(0|[1-9]\\d{0,14})\\.(0|[1-9]\\d{0,14})\\.(0|[1-9]\\d{0,14})" +
  "(?:-(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?" +
  "(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$";

/** Parsed ranges and the answers they gave. Parsing is slow, and a platform's modules use few different ranges. */
export interface Ranges {
  /** Whether `text` is a range; the empty text is none. */
  isRange(text: string): boolean;
  /** Whether `version` satisfies `range`; `false` for a text that is no range. */
  satisfies(version: string, range: string): boolean;
}

/** Makes an empty memory of ranges. It holds what it is asked for as long as it lives. */
export function createRanges(): Ranges {
  const parsed = new Map<string, Range | null>();
  const answers = new Map<string, Map<string, boolean>>();
  const answersOf = (range: string): Map<string, boolean> => {
    const known = answers.get(range);
    if (known !== undefined) return known;
    const empty = new Map<string, boolean>();
    answers.set(range, empty);
    return empty;
  };
  const parse = (text: string): Range | null => {
    let range = parsed.get(text);
    if (range === undefined) {
      range = parseRange(text);
      parsed.set(text, range);
    }
    return range;
  };
  return {
    isRange: (text) => parse(text) !== null,
    satisfies(version, range) {
      const ofRange = answersOf(range);
      let answer = ofRange.get(version);
      if (answer === undefined) {
        answer = parse(range)?.test(version) ?? false;
        ofRange.set(version, answer);
      }
      return answer;
    },
  };
}

function parseRange(text: string): Range | null {
  if (text.trim() === "" || text.length > rangeLimit) return null;
  try {
    return new Range(text);
  } catch {
    return null;
  }
}
