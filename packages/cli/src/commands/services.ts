import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { addServicesListCommand } from "./services-list.ts";
import { addServicesResolveCommand } from "./services-resolve.ts";
import { addServicesShowCommand } from "./services-show.ts";
import { addServicesWatchCommand } from "./services-watch.ts";

/** The group `platformctl services`. */
export function addServicesCommands(program: Command, context: Context, done: Done): void {
  const services = program.command("services").description("Ask the service registry who is there.");
  addServicesListCommand(services, context, done);
  addServicesShowCommand(services, context, done);
  addServicesWatchCommand(services, context, done);
  addServicesResolveCommand(services, context, done);
}
