import { type RemoteLink, systemClock } from "@plinth/module";
import type { Database } from "../database.ts";
import { databaseView } from "../database-view.ts";
import { RemoteConnections } from "./remote-connections.ts";
import type { DatabaseBeginning } from "./serve-database.ts";

/**
 * The service `Database` in a process of the module's own. What is more than sending statements, such
 * as building queries and leading transactions, is done here.
 */
export default async function connectDatabase(link: RemoteLink): Promise<Database> {
  const beginning = await link.call<DatabaseBeginning>("begin");
  const owner = { name: link.module.name, schema: beginning.schema };
  const connections = new RemoteConnections(link, beginning, systemClock);
  return databaseView(
    owner,
    () => connections,
    () => link.call("migrated"),
  );
}
