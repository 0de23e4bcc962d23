/**
 * What a command has learned from the disk, by path. It holds as long as each of these facts does:
 *
 * - `stats`: what {@link statKey} gave for the file or folder, links followed; `null` where nothing was. This stands
 *   for its content too, or for the entries of a folder.
 * - `links`: the same without following a link at the end.
 * - `targets`: where all links on the way led; `null` where they led nowhere.
 */
export interface Trace {
  readonly stats: Map<string, string | null>;
  readonly links: Map<string, string | null>;
  readonly targets: Map<string, string | null>;
  /** When what was changed last of all this was changed, in milliseconds. */
  newest: number;
  /** Whether something was done that these facts do not tell, such as writing. */
  isWhole: boolean;
}

/** An empty trace. */
export function createTrace(): Trace {
  return { stats: new Map(), links: new Map(), targets: new Map(), newest: 0, isWhole: true };
}

/** The part of a file's status that changes whenever its content does. */
export interface Status {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** Changes within this time of each other, in milliseconds, may leave the times of a file as they were. */
const tick = 2_000;

/** Whether the next change of a file is sure to show in its status. */
export function isSettled({ mtimeMs, ctimeMs }: Pick<Status, "mtimeMs" | "ctimeMs">, now: number): boolean {
  return Math.max(mtimeMs, ctimeMs) < now - tick;
}

/**
 * Tells a file from what it was before. Size and time of change alone would not do, as anybody may set the latter;
 * the time of the last change of the status is the system's own.
 */
export function statKey({ dev, ino, size, mtimeMs, ctimeMs }: Status): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}
