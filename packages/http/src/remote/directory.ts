import type { RemoteLink } from "@plinth/module";
import type { HttpAddress, HttpDirectory } from "../http.ts";
import type { Followers } from "./followers.ts";

/** Where things are, as it is told to a module's process. */
export interface DirectoryFacts {
  readonly address: HttpAddress | undefined;
  /** The prefixes of modules that have routes, by their names. */
  readonly prefixes: ReadonlyMap<string, string>;
}

/** Keeps a module's process informed of where things are. */
export function serveDirectory(facts: () => DirectoryFacts, link: RemoteLink, followers: Followers): void {
  link.handle("facts", () => facts());
  // A process that is gone need not know.
  followers.add(() => void link.call("changed", [facts()]).catch(() => {}), link.signal);
}

/** The service `HttpDirectory` in a process of the module's own: what the host last told. */
export default async function connectDirectory(link: RemoteLink): Promise<HttpDirectory> {
  let known: DirectoryFacts | undefined;
  link.handle("changed", ([facts]) => {
    known = facts as DirectoryFacts;
  });
  const first = await link.call<DirectoryFacts>("facts");
  known ??= first;
  return {
    address: () => known?.address,
    prefixOf: (module) => known?.prefixes.get(module),
  };
}
