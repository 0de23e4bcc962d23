import { platformError } from "@plinth/module";
import type { Database } from "./database.ts";

/** The database as a module of the platform sees it whose services nobody uses: there is none. */
export function closedView({ name, schema }: { readonly name: string; readonly schema: string }): Database {
  const refuse = (): never => {
    throw platformError("DATABASE_NOT_OPEN", { module: name });
  };
  const refuseLater = async () => refuse();
  return {
    schema,
    kysely: refuse,
    query: refuseLater,
    transaction: refuseLater,
    listen: refuse,
    migrated: refuseLater,
  };
}
