import { Socket } from "node:net";
import type { ConnectRemote } from "@plinth/module";
import { Connection } from "../channel/connection.ts";
import { decodeError, encodeError } from "../channel/errors.ts";
import { type ChildSettings, channelDescriptor, notify, runtimeTarget, type SetupInput } from "../channel/protocol.ts";
import { ChildModule } from "./child-module.ts";
import { refuseForeignSignals } from "./foreign-signals.ts";

/** How long the process waits to be ended by the host after an error that nobody handled, in milliseconds. */
const lastWordsMs = 1_000;

/** The ends of remote services in the module's process, by service id. */
// biome-ignore lint/suspicious/noExplicitAny: ends of services of any type
export type RemoteEnds = Readonly<Record<string, ConnectRemote<any>>>;

/**
 * Runs the module's end of the isolation: the whole of a module's process. Returns at once; the
 * process ends when the host closes the channel, or is no more.
 *
 * @param ends used before the files that the remote services name. A platform that is bundled into
 *   one file has no such files, and bundles the ends with this.
 */
export function runChild(ends: RemoteEnds = {}): void {
  const { module, channel, calls }: ChildSettings = JSON.parse(process.argv[2] ?? "");
  let isFlooded = false;
  process.title = `plinth: ${module.name}`;

  const connection = new Connection({
    socket: new Socket({ fd: channelDescriptor, readable: true, writable: true }),
    channel,
    calls,
    lost: () => new DOMException("the platform is gone", "AbortError"),
    onFault: () => process.exit(1),
    // The host has closed the channel, or is no more: nobody is left to work for.
    onEnd: () => process.exit(0),
    onFull: flooded,
  });
  const code = new ChildModule(module, connection, ends);

  connection.serve(runtimeTarget, (method, args, signal) => {
    const [first, second] = args;
    switch (method) {
      case "describe":
        return code.describe(first as string);
      case "setup":
        return code.setup(first as SetupInput);
      case "start":
        return code.start(signal);
      case "stop":
        return code.stop(signal);
      case "health":
        return code.health(signal);
      case "beat":
        return process.memoryUsage.rss();
      case "abort":
        return code.abort(decodeError(first));
      case "dependency":
        return code.dependency(first as string, second as boolean);
      default:
        throw new Error(`the host asked for "${method}", which this runtime does not know`);
    }
  });

  /** What floods may never let the event loop turn, so this is written at once. */
  function flooded(waiting: number): void {
    if (isFlooded) return;
    isFlooded = true;
    notify(connection, "flooded", waiting);
    connection.flush();
  }

  /** The host ends this process then; should it not, the process ends itself. */
  function crashed(error: unknown): void {
    notify(connection, "crashed", encodeError(error));
    setTimeout(() => process.exit(1), lastWordsMs);
  }

  refuseForeignSignals(process);
  process.on("uncaughtException", crashed);
  process.on("unhandledRejection", crashed);

  // A signal to the whole group, such as that of Ctrl-C, is for the host, which stops its modules in order.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
}
