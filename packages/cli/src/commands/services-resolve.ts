import type { Endpoint, ServiceInstance, ServiceRegistry } from "@plinth/discovery";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { addRegistryOptions, type RegistryOptions, registryHelp } from "../services/registry-options.ts";
import { checkServiceName, withRegistry } from "../services/with-registry.ts";

const details = `${registryHelp}
Picks as a call does: among the instances that are up, else those that warn, else those that drain; more often the
more weight an instance has. With --all: all among which a call picks, in order of their ids.

With --json: { "version": 1, "service", "targets": [{ "instance", "state", "endpoint", "protocol", "host", "port",
"url" }] }, with one target unless --all is given.

Examples:
  curl "$(platformctl services resolve helpdesk)/readyz"
  platformctl services resolve users --endpoint grpc
  platformctl services resolve helpdesk --all

Exit codes:
  0  fine    1  no instance takes requests, or the registry did not answer    2  the command line is wrong
`;

interface ResolveOptions extends RegistryOptions {
  readonly endpoint?: string;
  readonly all?: boolean;
}

/** `platformctl services resolve`: where a call would go. */
export function addServicesResolveCommand(services: Command, context: Context, done: Done): void {
  addRegistryOptions(services.command("resolve"))
    .description("Show where a call to a service would go.")
    .argument("<name>", "the service")
    .option("--endpoint <name>", "the endpoint of the instance; by default its first one")
    .option("--all", "all instances among which a call picks")
    .option("--json", "print JSON instead of addresses")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const options: ResolveOptions = command.optsWithGlobals();
      const service = await checkServiceName(name);
      done(await withRegistry(context, options, (registry) => resolveService(registry, service, context, options)));
    });
}

async function resolveService(registry: ServiceRegistry, service: string, context: Context, options: ResolveOptions) {
  const [{ Balancer, registryError }, { addressOf }] = await Promise.all([
    import("@plinth/discovery"),
    import("../services/instance-table.ts"),
  ]);
  const { endpoint, all, json } = options;
  const endpointOf = ({ endpoints }: ServiceInstance): Endpoint | undefined =>
    endpoint === undefined ? endpoints[0] : endpoints.find(({ name }) => name === endpoint);
  const snapshot = await registry.resolve({ service });
  const balancer = new Balancer(service, endpointOf);
  balancer.apply(snapshot);
  const best = balancer.pick();
  if (best === undefined || best.instance.state === "down") {
    const wanted = endpoint === undefined ? "is up" : `is up and has an endpoint "${endpoint}"`;
    const reason = `none of ${snapshot.instances.length} ${wanted}`;
    throw registryError("DISCOVERY_NO_INSTANCE", { service, reason });
  }
  const alike = balancer.targets.filter(({ instance }) => instance.state === best.instance.state);
  const shown = (all === true ? alike : [best]).map(({ instance, endpoint: { name, protocol, host, port } }) => {
    const url = addressOf({ name, protocol, host, port });
    return { instance: instance.id, state: instance.state, endpoint: name, protocol, host, port, url };
  });
  if (json === true) writeJson(context, "services resolve", { service, targets: shown });
  else context.stdout.write(shown.map(({ url }) => `${url}\n`).join(""));
  return exitCode.fine;
}
