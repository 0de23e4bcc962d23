/** Who wrote which fields. What `fieldsV1` holds is simplified: names of top-level fields and labels. */
interface ManagedFields {
  readonly manager: string;
  readonly operation: "Update" | "Apply";
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}

/** The writer of an object. */
export interface Writer {
  readonly manager: string;
  readonly operation: "Update" | "Apply";
  /** `status`, or empty. */
  readonly subresource: string;
}

/** The list after `writer` wrote `fields` at `time`. */
export function managedFieldsAfter(
  before: unknown,
  { manager, operation, subresource }: Writer,
  apiVersion: string,
  time: string,
  fields: Readonly<Record<string, unknown>>,
): readonly ManagedFields[] {
  const entries = (before ?? []) as readonly ManagedFields[];
  const own = (entry: ManagedFields): boolean =>
    entry.manager === manager && entry.operation === operation && (entry.subresource ?? "") === subresource;
  const fieldsV1 = Object.fromEntries(
    Object.keys(fields)
      .filter((name) => !["apiVersion", "kind"].includes(name))
      .map((name) => [`f:${name}`, {}]),
  );
  const entry: ManagedFields = {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    fieldsV1: { ...entries.find(own)?.fieldsV1, ...fieldsV1 },
    ...(subresource === "" ? {} : { subresource }),
  };
  return [...entries.filter((one) => !own(one)), entry];
}
