import type { ServiceRegistry } from "@plinth/discovery";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { exitCode } from "../exit-codes.ts";
import { writeJson } from "../output/json.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { addRegistryOptions, type RegistryOptions, registryHelp } from "../services/registry-options.ts";
import { checkServiceName, withRegistry } from "../services/with-registry.ts";

const details = `${registryHelp}
With --json: { "version": 1, "service", "status", "observedAt", "staleSince", "lastError", "instances" }; the two before
the last are null while the registry answers. An instance has id, state (up, warning, draining or
down), endpoints [{ name, protocol, host, port }], version, weight, locality, tags and metadata.

Examples:
  platformctl services show helpdesk
  platformctl services show helpdesk --json | jq '.instances[].state'

Exit codes:
  0  there are instances    1  there are none, or the registry did not answer    2  the command line is wrong
`;

/** `platformctl services show`: the instances of a service, in every state. */
export function addServicesShowCommand(services: Command, context: Context, done: Done): void {
  addRegistryOptions(services.command("show"))
    .description("Show the instances of a service, in every state.")
    .argument("<name>", "the service")
    .option("--json", "print JSON instead of a table")
    .addHelpText("after", details)
    .action(async (name: string, _, command: Command) => {
      const options: RegistryOptions = command.optsWithGlobals();
      const service = await checkServiceName(name);
      done(await withRegistry(context, options, (registry) => showService(registry, service, context, options)));
    });
}

async function showService(registry: ServiceRegistry, service: string, context: Context, { json }: RegistryOptions) {
  const snapshot = await registry.resolve({ service });
  const { instances } = snapshot;
  if (json === true) {
    const { shownSnapshot } = await import("../services/shown-snapshot.ts");
    writeJson(context, "services show", shownSnapshot(snapshot));
  } else {
    const { instanceTable } = await import("../services/instance-table.ts");
    context.stdout.write(instanceTable(instances, createPaint(wantsColour(context.stdout, context.env))));
  }
  if (instances.length > 0) return exitCode.fine;
  context.stderr.write(`the registry knows no instance of "${service}"\n`);
  return exitCode.findings;
}
