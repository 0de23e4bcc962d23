import type { Rights } from "@plinth/module";

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
