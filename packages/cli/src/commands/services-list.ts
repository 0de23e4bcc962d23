import type { ServiceInstance, ServiceRegistry } from "@plinth/discovery";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";
import { addRegistryOptions, type RegistryOptions, registryHelp } from "../services/registry-options.ts";
import { withRegistry } from "../services/with-registry.ts";

const details = `${registryHelp}
With --json: { "version": 1, "services": [{ "name", "up", "warning", "draining", "down", "versions" }] }, sorted by name.
The counts are of instances by state; of a service whose name no platform can call they are null.

Examples:
  platformctl services list
  platformctl services list --driver consul
  platformctl services list --set discovery.consul.address=http://10.0.0.1:8500 --json

Exit codes:
  0  the list is complete    1  the registry did not answer    2  the command line is wrong
`;

/** `platformctl services list`: the services that have instances. */
export function addServicesListCommand(services: Command, context: Context, done: Done): void {
  addRegistryOptions(services.command("list"))
    .description("Show the services that have instances.")
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", details)
    .action(async (_, command: Command) => {
      const options: RegistryOptions = command.optsWithGlobals();
      done(await withRegistry(context, options, (registry) => listServices(registry, context, options)));
    });
}

/** A service as `--json` shows it. */
interface ListedService {
  readonly name: string;
  readonly up: number | null;
  readonly warning: number | null;
  readonly draining: number | null;
  readonly down: number | null;
  readonly versions: readonly string[];
}

async function listServices(registry: ServiceRegistry, context: Context, options: RegistryOptions) {
  const [{ bounded }, { isServiceName }] = await Promise.all([
    import("../services/bounded.ts"),
    import("@plinth/discovery"),
  ]);
  const names = await bounded(options.timeout, "list its services", (signal) => registry.services({ signal }));
  const listed = await inTurns(names, async (name) => {
    if (!isServiceName(name)) return nameless(name);
    return listedService(name, (await registry.resolve({ service: name })).instances);
  });
  const paint = createPaint(wantsColour(context.stdout, context.env));
  const head = ["NAME", "UP", "WARNING", "DRAINING", "DOWN", "VERSIONS"];
  const rows = listed.map(({ name, up, warning, draining, down, versions }) => [
    name,
    ...[up, warning, draining, down].map((count) => (count === null ? "?" : count === 0 ? "-" : String(count))),
    versions.join(", ") || "-",
  ]);
  if (options.json === true) writeJson(context, "services list", { services: listed });
  else context.stdout.write(formatTable([head.map(paint.bold), ...rows]));
  return exitCode.fine;
}

function listedService(name: string, instances: readonly ServiceInstance[]): ListedService {
  const count = (state: ServiceInstance["state"]) => instances.filter((one) => one.state === state).length;
  const versions = [...new Set(instances.flatMap(({ version }) => version ?? []))].sort();
  return {
    name,
    up: count("up"),
    warning: count("warning"),
    draining: count("draining"),
    down: count("down"),
    versions,
  };
}

function nameless(name: string): ListedService {
  return { name, up: null, warning: null, draining: null, down: null, versions: [] };
}

/** Maps items, eight at a time, so that a registry with many services is not asked for all of them at once. */
async function inTurns<In, Out>(items: readonly In[], map: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const workers = Array.from({ length: 8 }, async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await map(items[index] as In);
    }
  });
  await Promise.all(workers);
  return results;
}
