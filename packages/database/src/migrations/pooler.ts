import { platformError } from "@plinth/module";
import type { Connection, ConnectionPool, MigrationSession } from "../connection.ts";

/**
 * Refuses a pooler that gives each transaction to another connection. A pooler betrays itself by
 * telling another process id than the one that answers; one in transaction mode by letting the same
 * process answer on two connections that are open at the same time.
 *
 * @param backend the process that answered on `connection`.
 * @throws PlatformError `DATABASE_POOLER`
 */
export async function refuseTransactionPooler(
  pool: ConnectionPool,
  connection: Connection,
  backend: number,
): Promise<void> {
  if (connection.processId === undefined || connection.processId === backend) return;
  const sessions = [await pool.openSession(), await pool.openSession()];
  try {
    const backends = new Set<number>();
    for (const session of sessions) backends.add(await backendOf(session));
    if (backends.size === 1) throw platformError("DATABASE_POOLER", { url: pool.address });
  } finally {
    for (const session of sessions) await session.end();
  }
}

async function backendOf(session: MigrationSession): Promise<number> {
  const [result] = await session.use((connection) => connection.script("select pg_backend_pid() as pid"));
  return Number(result?.rows[0]?.pid);
}
