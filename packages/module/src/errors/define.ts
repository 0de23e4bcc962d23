/** The texts of one error: what is wrong, what to do, and the longer explanation for the reference. */
export interface ErrorText {
  /** One sentence without a full stop; `{name}` stands for a value given with the error. */
  readonly message: string;
  /** What to do, as an imperative sentence; may hold the same placeholders. */
  readonly fix: string;
  /** Why the platform refuses this, for people who look the code up. */
  readonly why: string;
}

/** Error texts by code. */
export type ErrorTable = Readonly<Record<string, ErrorText>>;

/** The names between braces in a text. */
export type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The values that a text needs, by placeholder. */
export type ValuesFor<Text extends ErrorText> = Readonly<
  Record<Placeholders<Text["message"] | Text["fix"]>, string | number>
>;

/** Keeps the literal texts of a table, from which the needed values are typed. */
export function defineErrors<const Table extends ErrorTable>(table: Table): Table {
  return table;
}

/** Puts values into a text. A placeholder without a value stays as it is. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}
