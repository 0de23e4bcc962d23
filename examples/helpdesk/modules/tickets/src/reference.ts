import { randomInt } from "node:crypto";

/** Digits and letters that nobody takes for each other. Their number is prime, on which the check rests. */
const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const randomCharacters = 6;
const form = new RegExp(`^HD-[${alphabet}]{${randomCharacters + 1}}$`);

/** A new reference for a ticket, such as `HD-4F7K9Q2`: hard to guess, and with a check character. */
export function newReference(): string {
  const values = Array.from({ length: randomCharacters }, () => randomInt(alphabet.length));
  // The check has weight 1, so it is what is missing to a multiple.
  const missing = -weightedSum([...values, 0]) % alphabet.length;
  return `HD-${[...values, (missing + alphabet.length) % alphabet.length].map((value) => alphabet[value]).join("")}`;
}

/**
 * The reference that somebody has typed, in any case; `undefined` when it can be none. One wrong
 * character, or two that were swapped, is always noticed.
 */
export function readReference(typed: string): string | undefined {
  const reference = typed.trim().toUpperCase();
  if (!form.test(reference)) return undefined;
  const values = [...reference.slice(3)].map((character) => alphabet.indexOf(character));
  return weightedSum(values) % alphabet.length === 0 ? reference : undefined;
}

/** All weights differ and are below the prime: the random characters have 2 to 7, the check has 1. */
function weightedSum(values: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + value * (index < randomCharacters ? index + 2 : 1), 0);
}
