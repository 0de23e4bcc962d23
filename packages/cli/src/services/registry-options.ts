import { parseDuration } from "@plinth/module";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { GlobalOptions } from "../root.ts";
import { type SettingsOptions, setOption } from "../set-option.ts";

/** The options of commands that ask a registry. */
export interface RegistryOptions extends GlobalOptions, SettingsOptions {
  readonly driver?: string;
  readonly json?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Adds the options to a command. */
export function addRegistryOptions(command: Command): Command {
  return command
    .addOption(new Option("--driver <name>", "the registry, instead of discovery.driver").choices(drivers))
    .addOption(setOption())
    .addOption(
      new Option("--timeout <duration>", "how long to wait for the registry")
        .argParser(milliseconds)
        .default(5_000, "5s"),
    );
}

const drivers = ["consul", "kubernetes", "memory"];

function milliseconds(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1) throw new InvalidArgumentError("It must be a duration such as 500ms, 30s or 2m.");
  return ms;
}

/** What the help of each of these commands says of the registry. */
export const registryHelp = `
The registry is the one of the platform's settings: discovery.driver and what belongs to it, in platform.yaml,
in variables such as PLATFORM_DISCOVERY__DRIVER, or by --set. Outside of a platform --driver is enough where the
registry is found by its own variables, such as CONSUL_HTTP_ADDR and KUBECONFIG.
`;
