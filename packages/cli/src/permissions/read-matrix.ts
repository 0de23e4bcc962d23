import { existsSync } from "node:fs";
import path from "node:path";
import { type DatabaseConfig, maskedUrl, openDatabase, settingsOf } from "@plinth/database";
import { Codes, effectiveRoles, type GrantMatrix, matrixOf, readRoles, type StoredRoles } from "@plinth/grants";
import { locate } from "@plinth/kernel";
import { PlatformErrors, platformError } from "@plinth/module";
import { collectPermissions } from "@plinth/permissions";
import type { Inspected } from "../inspected.ts";
import { permissionFacts } from "./listed-permissions.ts";

/**
 * The roles that are stored in a platform's database, by its permissions.
 *
 * @throws PlatformError `GRANT_STORE_EMPTY`, or one of the area `database` when it cannot be read.
 */
export async function readMatrix(inspection: Inspected): Promise<GrantMatrix> {
  const { permissions } = collectPermissions(permissionFacts(inspection.modules), locate);
  const codes = new Codes([...permissions.values()]);
  return matrixOf(effectiveRoles(await readStoredRoles(inspection), codes), codes.current);
}

async function readStoredRoles({ root, settings }: Inspected): Promise<StoredRoles> {
  const wrong = settings?.modules.get("database")?.problems ?? [];
  if (wrong.length > 0) throw new PlatformErrors(wrong);
  const database = settingsOf(settings?.forModule("database") as DatabaseConfig | undefined);
  const { url, dataDir } = database;
  const address = url === undefined ? path.resolve(root, dataDir) : maskedUrl(url);
  // Opening a folder that is not there would make it.
  if (url === undefined && !existsSync(address)) throw platformError("GRANT_STORE_EMPTY", { database: address });
  const pool = await openDatabase(database, { root });
  try {
    const connection = await pool.acquire({ name: "platformctl", schema: undefined });
    try {
      const { rows } = await connection.query("select to_regclass('grants.role_grants') is not null as there");
      if (rows[0]?.there !== true) throw platformError("GRANT_STORE_EMPTY", { database: address });
      return await readRoles(connection);
    } finally {
      connection.release();
    }
  } finally {
    await pool.close();
  }
}
