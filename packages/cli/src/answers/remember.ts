import fs from "node:fs";
import path from "node:path";
import type { Answer } from "./answer.ts";
import type { Question } from "./question.ts";
import type { Trace } from "./trace.ts";

/** A change within this time, in milliseconds, of another one may leave the times of a file as they were. */
const tick = 2_000;

const kept = 200;

/**
 * Keeps an answer, unless what it rests on is too fresh to be told from what it may become. Where nothing can be
 * written, nothing is kept. The answers of the longest ago make room.
 *
 * @param now in milliseconds.
 */
export function remember(
  { key, file }: Question,
  { code, stdout, stderr }: Pick<Answer, "code" | "stdout" | "stderr">,
  trace: Trace,
  now: number,
): void {
  if (!trace.isWhole || trace.newest > now - tick) return;
  const { stats, links, targets } = trace;
  const answer: Answer = { key, code, stdout, stderr, stats: [...stats], links: [...links], targets: [...targets] };
  try {
    const folder = path.dirname(file);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const written = `${file}.${process.pid}`;
    fs.writeFileSync(written, JSON.stringify(answer), { mode: 0o600 });
    fs.renameSync(written, file);
    makeRoom(folder);
  } catch {
    // Without a place to keep it, the answer is found anew each time.
  }
}

function makeRoom(folder: string): void {
  const files = fs.readdirSync(folder);
  if (files.length <= kept) return;
  const aged = files.map((name) => ({ name, time: fs.statSync(path.join(folder, name)).mtimeMs }));
  aged.sort((one, other) => other.time - one.time);
  for (const { name } of aged.slice(kept / 2)) fs.rmSync(path.join(folder, name), { force: true });
}
