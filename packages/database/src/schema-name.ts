import { type PlatformError, platformError } from "@plinth/module";

/** The database schema of a module: its name with underscores for hyphens. Two modules never share one. */
export function schemaName(module: string): string {
  return module.replaceAll("-", "_");
}

/** Says why the module's schema cannot be; `undefined` when it can. */
export function checkSchemaName(module: string): PlatformError | undefined {
  const schema = schemaName(module);
  const reason = reasonAgainst(schema);
  return reason === undefined ? undefined : platformError("DATABASE_SCHEMA_NAME", { module, schema, reason });
}

function reasonAgainst(schema: string): string | undefined {
  if (schema === "plinth") return "that schema holds the platform's own tables";
  if (schema === "public" || schema === "information_schema") return "PostgreSQL has that schema itself";
  if (schema.startsWith("pg_")) return "PostgreSQL keeps names that begin with pg_ for itself";
  if (schema.length > 63) return "PostgreSQL cuts names off after 63 characters";
  return undefined;
}
