import { Option } from "commander";

/** Options of commands that read settings. */
export interface SettingsOptions {
  /** Assignments in the order given. */
  readonly set?: readonly string[];
}

/** The option `--set`, which may be given several times. */
export function setOption(): Option {
  return new Option("--set <path=value>", "set one setting, as in http.port=8081; may be repeated").argParser(
    (assignment, before: readonly string[] | undefined) => [...(before ?? []), assignment],
  );
}
