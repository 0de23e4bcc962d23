import { type PlatformError, platformError } from "@plinth/module";

/** A file that is named like a migration. */
export interface NumberedFile {
  readonly module: string;
  readonly number: number;
  readonly name: string;
  readonly path: string;
}

/** Numbers that are there twice or not at all. The first number is 1. */
export function checkNumbers(files: readonly NumberedFile[]): readonly PlatformError[] {
  const problems: PlatformError[] = [];
  let before: NumberedFile | undefined;
  for (const file of files.toSorted((a, b) => a.number - b.number)) {
    const { module, number, name, path } = file;
    const expected = (before?.number ?? 0) + 1;
    if (number === before?.number) {
      const values = { module, number, first: before.name, second: name };
      problems.push(platformError("MIGRATIONS_DUPLICATE", values, { at: [{ file: before.path }, { file: path }] }));
    } else if (number > expected) {
      problems.push(
        platformError("MIGRATIONS_GAP", { module, number: expected, file: name }, { at: [{ file: path }] }),
      );
    }
    before = file;
  }
  return problems;
}
