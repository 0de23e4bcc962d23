import type { ServiceRegistry, Snapshot } from "@plinth/discovery";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJsonLine } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { addRegistryOptions, type RegistryOptions, registryHelp } from "../services/registry-options.ts";
import { checkServiceName, withRegistry } from "../services/with-registry.ts";
import { untilEnded } from "../until-ended.ts";

const details = `${registryHelp}
On a terminal: a table that follows the changes, and says how old it is while the registry cannot be asked.
In a pipe, and with --json: one line of JSON for each change.

With --json: { "version": 1, "service", "status", "observedAt", "staleSince", "lastError", "instances" } as
"services show --json" prints it; while the registry cannot be asked "status" is stale, and the two say since when and why.

It ends on Ctrl-C or SIGTERM, or when nobody reads any more.

Examples:
  platformctl services watch helpdesk
  platformctl services watch helpdesk | jq --unbuffered -c '[.status, (.instances | length)]'

Exit codes:
  0  it was ended    1  the registry did not answer at first    2  the command line is wrong
`;

/** `platformctl services watch`: the instances of a service, as they come and go. */
export function addServicesWatchCommand(services: Command, context: Context, done: Done): void {
  addRegistryOptions(services.command("watch"))
    .description("Follow the instances of a service.")
    .argument("<name>", "the service")
    .option("--json", "print lines of JSON, also on a terminal")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const options: RegistryOptions = command.optsWithGlobals();
      const service = await checkServiceName(name);
      done(await withRegistry(context, options, (registry) => watchService(registry, service, context, options)));
    });
}

async function watchService(registry: ServiceRegistry, service: string, context: Context, options: RegistryOptions) {
  const { signal, release } = await untilEnded(context);
  try {
    await using watcher = registry.watch({ service }, { signal });
    // The first answer is waited for no longer than others; later faults show in what is printed.
    await registry.resolve({ service }, { signal });
    using printer = await printerFor(context, options);
    for await (const snapshot of watcher) printer.print(snapshot);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    release();
  }
  return exitCode.fine;
}

interface Printer extends Disposable {
  print(snapshot: Snapshot): void;
}

async function printerFor({ stdout, env }: Context, { json }: RegistryOptions): Promise<Printer> {
  if (stdout.isTTY !== true || json === true) {
    const { shownSnapshot } = await import("../services/shown-snapshot.ts");
    const print = (snapshot: Snapshot): void => writeJsonLine({ stdout }, "services watch", shownSnapshot(snapshot));
    return { print, [Symbol.dispose]() {} };
  }
  const { LiveView } = await import("../services/live-view.ts");
  const view = new LiveView(stdout, createPaint(wantsColour(stdout, env)));
  let latest: Snapshot | undefined;
  const draw = (): void => {
    if (latest !== undefined) view.draw(latest, Date.now());
  };
  // The age of what is stale grows.
  const timer = setInterval(() => latest?.status === "stale" && draw(), 1_000);
  return {
    print(snapshot) {
      latest = snapshot;
      draw();
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
