import { openDatabase } from "./open-database.ts";
import { settingsOf } from "./settings.ts";

/*
 * A process with a PGlite folder, for tests that kill it. Arguments: the folder, and what to do once it
 * is open: "hold" it, "close" it at once, or "write" rows and print the number of each that was acknowledged.
 */

const [dataDir = "", task = "hold"] = process.argv.slice(2);
try {
  const pool = await openDatabase(settingsOf({ dataDir }));
  process.stdout.write("open\n");
  if (task === "hold") setInterval(() => {}, 1000);
  if (task === "close") await pool.close();
  if (task === "write") {
    const connection = await pool.acquire({ name: "writer", schema: undefined });
    await connection.script("create table if not exists rows (n int)");
    for (let n = 1; ; n += 1) {
      await connection.query("insert into rows values ($1)", [n]);
      process.stdout.write(`${n}\n`);
    }
  }
} catch (error) {
  process.stdout.write(
    `${error instanceof Error && "code" in error ? `${error.code}: ${error.message}` : String(error)}\n`,
  );
}
