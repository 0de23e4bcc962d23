import { type Statement, scanStatements } from "./sql-statements.ts";

/** Everything that can begin or end a transaction contains one of these words. */
const suspicious = /\b(?:begin|start|commit|end|rollback|abort|prepare)\b/i;

/**
 * The first statement of a text that would begin or end a transaction. Rolling back to a savepoint is
 * none. A text that cannot be cut into statements has none: PostgreSQL refuses it as a whole.
 */
export function findTransactionControl(sql: string): Statement | undefined {
  if (!suspicious.test(sql)) return undefined;
  return scanStatements(sql).statements?.find(controlsTransaction);
}

/** Whether a statement begins or ends a transaction. */
export function controlsTransaction({ words }: Statement): boolean {
  const [first, second, third] = words;
  switch (first) {
    case "begin":
    case "commit":
    case "abort":
    case "end":
      return true;
    case "start":
    case "prepare":
      return second === "transaction";
    case "rollback":
      return second !== "to" && !((second === "work" || second === "transaction") && third === "to");
    default:
      return false;
  }
}
