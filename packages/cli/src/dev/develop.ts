import { toWire } from "@plinth/platform/control";
import type { Context } from "../context.ts";
import { ChangeFeed } from "./change-feed.ts";
import { DevSession } from "./dev-session.ts";
import type { Display } from "./display.ts";
import type { PlatformRequest } from "./process-message.ts";

/**
 * Runs a platform and brings it along with every edit, until `ending` aborts; the platform has stopped
 * then. Edits that come while one is being taken in wait, and are taken in together.
 *
 * @param ending aborts when the platform is to stop in good order.
 * @param killing aborts when it is to end at once.
 */
export async function develop(
  request: PlatformRequest,
  { env }: Pick<Context, "env">,
  display: Display,
  ending: AbortSignal,
  killing: AbortSignal,
): Promise<void> {
  const feed = new ChangeFeed({ folder: request.root, kind: "platform" }, (problems) =>
    display.show({ type: "failed", problems: problems.map(toWire), goesOn: true, files: [], generated: [] }),
  );
  const surroundings = { env, onOutput: (text: string) => display.output(text) };
  const session = new DevSession({ request, feed, display, surroundings });
  ending.addEventListener("abort", () => void session.end(), { once: true });
  killing.addEventListener("abort", () => session.kill(), { once: true });
  try {
    await session.begin();
    for (let changes = await feed.next(ending); changes !== undefined; changes = await feed.next(ending)) {
      await session.take(changes);
    }
  } finally {
    feed.close();
    await session.end();
  }
}
