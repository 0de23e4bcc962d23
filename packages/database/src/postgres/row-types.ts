import type pg from "pg";

type Types = typeof pg.types;
type Parse = (text: string) => unknown;

const oid = {
  int8: 20,
  date: 1082,
  interval: 1186,
  textArray: 1009,
  int8Array: 1016,
  dateArray: 1182,
  intervalArray: 1187,
} as const;

/** A whole number as a JavaScript number, and as a bigint where a number would not be exact. */
function wholeNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

const asText: Parse = (text) => text;

/**
 * How values become JavaScript values: the driver's way, but for those types in which PGlite differs
 * or the driver's way loses something. `bigint` is a number while that is exact, `date` a text
 * without a time zone, `interval` a text.
 */
export function rowTypes(types: Types): { readonly getTypeParser: Types["getTypeParser"] } {
  const texts: Parse = types.getTypeParser(oid.textArray as number);
  const arrayOf =
    (parse: Parse): Parse =>
    (text) =>
      mapDeep(texts(text), parse);
  const own = new Map<number, Parse>([
    [oid.int8, wholeNumber],
    [oid.int8Array, arrayOf(wholeNumber)],
    [oid.date, asText],
    [oid.dateArray, arrayOf(asText)],
    [oid.interval, asText],
    [oid.intervalArray, arrayOf(asText)],
  ]);
  const getTypeParser = (type: number, format?: "text" | "binary"): unknown =>
    (format === "binary" ? undefined : own.get(type)) ?? types.getTypeParser(type, format as "text");
  return { getTypeParser: getTypeParser as Types["getTypeParser"] };
}

function mapDeep(value: unknown, parse: Parse): unknown {
  if (Array.isArray(value)) return value.map((element) => mapDeep(element, parse));
  return typeof value === "string" ? parse(value) : value;
}
