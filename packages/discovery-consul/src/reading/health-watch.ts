import {
  type Backoff,
  type BackoffOptions,
  createBackoff,
  createTokenBucket,
  isRegistryError,
  type OpenUpstream,
  pause,
  type RegistryError,
  type SnapshotSink,
} from "@plinth/discovery";
import { systemClock } from "@plinth/module";
import type { ConsulClient } from "../client/consul-client.ts";
import type { CheckedConsulOptions } from "../consul-options.ts";
import { nextIndex } from "./blocking-index.ts";
import { decodeInstance } from "./decode-instance.ts";
import { askHealth, behindError, entriesOf } from "./health-query.ts";
import { createWatchSlots } from "./watch-slots.ts";

/** Where the watch of one service stands. */
interface Position {
  /** To ask with; 0 for an answer at once. */
  index: number;
  /** Makes an index comparable: another one after each beginning, for the server may have lost its state. */
  epoch: number;
  /** Whether only the leader is believed, because another server was found to be behind. */
  fromLeader: boolean;
}

/** Watches services by blocking queries, one for each, as fast as things change but no faster than the rate allows. */
export function openHealthWatches(client: ConsulClient, options: CheckedConsulOptions): OpenUpstream {
  const { clock = systemClock, rate, pollMs, reads } = options;
  const slots = createWatchSlots(options.maxWatches);
  let epochs = 0;
  const startOver = (position: Position): void => {
    epochs += 1;
    position.epoch = epochs;
    position.index = 0;
  };

  return async (service, sink, signal) => {
    const bucket = createTokenBucket({ ...rate, clock });
    const waits = createRetryWaits(options);
    const position: Position = { index: 0, epoch: 0, fromLeader: false };
    let release: (() => void) | undefined;
    startOver(position);
    try {
      while (await bucket.take(signal)) {
        release ??= slots.tryTake();
        try {
          await ask(service, position, sink, signal);
          if (release === undefined) {
            startOver(position);
            await pause(clock, pollMs * (0.8 + 0.4 * Math.random()), signal);
          }
        } catch (thrown) {
          if (signal.aborted) return;
          if (!isRegistryError(thrown) || thrown.code === "DISCOVERY_INVALID") throw thrown;
          startOver(position);
          sink.fault(thrown);
          await pause(clock, waits(thrown), signal);
        }
      }
    } finally {
      release?.();
    }
  };

  async function ask(service: string, position: Position, sink: SnapshotSink, signal: AbortSignal): Promise<void> {
    const { index, fromLeader } = position;
    const answer = await askHealth(client, options, { service, index, fromLeader, signal });
    const behind = reads === "stale" && !fromLeader ? behindError(answer, client, options) : undefined;
    const step = nextIndex(index, answer.header("x-consul-index"));
    if (behind !== undefined || step.backwards) {
      startOver(position);
      position.fromLeader = true;
      if (behind !== undefined) sink.fault(behind);
      return;
    }
    if (step.unchanged) sink.confirm();
    else {
      const instances = entriesOf(answer, service, client).map((entry) =>
        decodeInstance(entry, options.defaultEndpoint),
      );
      sink.publish(instances, `${position.epoch}.${step.index}`);
    }
    position.index = step.index;
    position.fromLeader = false;
  }
}

/** How long to wait after an error: not long when the agent is only busy, long when somebody must change a right first. */
function createRetryWaits(options: CheckedConsulOptions): (error: RegistryError) => number {
  const { clock = systemClock } = options;
  const backoff = (own: BackoffOptions | undefined, minMs?: number, maxMs?: number): Backoff =>
    createBackoff({
      clock,
      ...(minMs === undefined ? {} : { minMs }),
      ...(maxMs === undefined ? {} : { maxMs }),
      ...own,
    });
  const failed = backoff(options.backoff);
  const throttled = backoff(options.throttledBackoff, 500, 5_000);
  const denied = backoff(options.deniedBackoff, 10_000, 60_000);
  return ({ code }) => {
    if (code === "DISCOVERY_THROTTLED") return throttled.next();
    return code === "DISCOVERY_DENIED" ? denied.next() : failed.next();
  };
}
