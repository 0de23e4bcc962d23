import type { ControlChange } from "@plinth/platform/control";
import type { Context } from "../context.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { runningPlatform } from "./running-platform.ts";

const clearLine = "\r\u001b[K";

/** Shows on a terminal what modules do while a change of the running platform goes on; elsewhere nothing. */
export async function followChange(
  { stderr, env }: Context,
  root: string,
  change: () => Promise<ControlChange>,
): Promise<ControlChange> {
  if (stderr.isTTY !== true) return change();
  const ending = new AbortController();
  const paint = createPaint(wantsColour(stderr, env));
  const events = runningPlatform(root).events(ending.signal);
  // The first item says that no event is missed from here on.
  await events.next();
  const showing = (async () => {
    for await (const event of events) {
      if (event === "listening" || event.type !== "module.state") continue;
      stderr.write(`${clearLine}${paint.dim(`${event.module} ${event.to}`)}`);
    }
  })();
  try {
    return await change();
  } finally {
    ending.abort();
    await showing;
    stderr.write(clearLine);
  }
}
