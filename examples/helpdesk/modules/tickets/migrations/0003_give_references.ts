import { randomInt } from "node:crypto";
import type { MigrationContext } from "@plinth/database";

/*
 * Tickets get a reference that people can read out on the phone: HD-4F7K9Q2, whose last character shows a slip of
 * the tongue. It is drawn by the machine's random numbers, so that nobody can guess another's, and its check is
 * arithmetic on an alphabet: both are awkward in SQL, hence TypeScript. What this file needs it says itself, since a
 * migration must go on doing what it did when src/reference.ts has long changed.
 */
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

function newReference(): string {
  const values = Array.from({ length: 6 }, () => randomInt(alphabet.length));
  const sum = values.reduce((total, value, index) => total + value * (index + 2), 0);
  const check = (alphabet.length - (sum % alphabet.length)) % alphabet.length;
  return `HD-${[...values, check].map((value) => alphabet[value]).join("")}`;
}

export default async function giveReferences({ query }: MigrationContext): Promise<void> {
  await query("alter table tickets add column reference text");
  const { rows } = await query<{ id: number }>("select id from tickets order by id");
  const references = new Set<string>();
  while (references.size < rows.length) references.add(newReference());
  await query(
    `update tickets set reference = given.reference
     from unnest($1::int[], $2::text[]) as given (id, reference) where tickets.id = given.id`,
    [rows.map(({ id }) => id), [...references]],
  );
  await query("alter table tickets alter column reference set not null, add unique (reference)");
}
