import type { Answer } from "./answer.ts";
import { keep } from "./kept-file.ts";
import type { Question } from "./question.ts";
import { isSettled, type Trace } from "./trace.ts";

/**
 * Keeps an answer, unless what it rests on is too fresh to be told from what it may become.
 *
 * @param now in milliseconds.
 */
export function remember(
  { key, file }: Question,
  { code, stdout, stderr }: Pick<Answer, "code" | "stdout" | "stderr">,
  { isWhole, newest, stats, links, targets }: Trace,
  now: number,
): void {
  if (!isWhole || !isSettled({ mtimeMs: newest, ctimeMs: newest }, now)) return;
  const answer: Answer = { key, code, stdout, stderr, stats: [...stats], links: [...links], targets: [...targets] };
  keep(file, answer);
}
