/** What a module's process may do besides reading its own code. Everything is denied that is not here. */
export interface Rights {
  /** Files and folders that may be read, with all that is in them; relative ones in the platform's folder. */
  readonly read: readonly string[];
  /** Files and folders that may be written, which includes reading; relative ones in the platform's folder. */
  readonly write: readonly string[];
  /** Variables of the host's environment that are handed on. */
  readonly env: readonly string[];
  readonly childProcess: boolean;
  /** Worker threads. */
  readonly workers: boolean;
  /** Native addons and WASI. */
  readonly addons: boolean;
  /** Can only be denied where Node can: see {@link canDenyNetwork}. */
  readonly network: boolean;
}

/** Nothing at all, except for the network. */
export const noRights: Rights = {
  read: [],
  write: [],
  env: [],
  childProcess: false,
  workers: false,
  addons: false,
  network: false,
};

/** Whether this Node can keep a process from the network: from version 25 on it knows `--allow-net`. */
export function canDenyNetwork(flags: ReadonlySet<string> = process.allowedNodeEnvironmentFlags): boolean {
  return flags.has("--allow-net");
}

/** The rights of `asked` that `granted` does not hold, in words: `read ./data`, `network`. Empty when all are. */
export function missingRights(asked: Rights, granted: Rights): readonly string[] {
  return rightsInWords(asked).filter((right) => !rightsInWords(granted).includes(right));
}

/** Each right in words, in the order of the keys: `read ./data`, `env TOKEN`, `childProcess`. */
export function rightsInWords(rights: Rights): readonly string[] {
  const lists = (["read", "write", "env"] as const).flatMap((key) => rights[key].map((value) => `${key} ${value}`));
  const switches = (["childProcess", "workers", "addons", "network"] as const).filter((key) => rights[key]);
  return [...lists, ...switches];
}
