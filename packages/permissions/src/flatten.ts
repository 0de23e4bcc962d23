import { editDistance } from "@plinth/module";
import { localCodeGrammar, localCodeLimit, localCodePattern } from "./code.ts";
import { declarationSchema, groupLabel, memberNames, type PermissionDeclaration } from "./declaration.ts";

/** A complaint about the value, or the key, at `path`; with what else the manifest's reader makes messages of. */
interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly code?: string;
}

type Mapping = Readonly<Record<string, unknown>>;

const form = new RegExp(localCodePattern);

/**
 * Checks the section as the manifest has it, and gives its declarations by local code. Nested groups
 * are written out: `ticket: { read: See tickets }` declares `ticket.read`. A mapping is a group when
 * it has none of a declaration's keys but `group`, which then is the label of all that it holds.
 */
export function flatten(
  value: unknown,
): { readonly value: Readonly<Record<string, PermissionDeclaration>> } | { readonly issues: readonly Issue[] } {
  if (!isMapping(value)) return { issues: [{ message: "must be permissions by their codes", path: [] }] };
  const reading = new Reading();
  reading.readGroup(value, [], undefined);
  return reading.issues.length > 0 ? { issues: reading.issues } : { value: Object.fromEntries(reading.declarations) };
}

class Reading {
  readonly declarations = new Map<string, PermissionDeclaration>();
  readonly issues: Issue[] = [];

  readGroup(mapping: Mapping, above: readonly string[], label: string | undefined): void {
    for (const [key, value] of Object.entries(mapping)) {
      if (above.length > 0 && key === "group") continue;
      const path = [...above, key];
      const code = path.join(".");
      if (!form.test(key) || code.length > localCodeLimit) {
        const message = `is not a permission code: write ${localCodeGrammar}`;
        this.issues.push({ code: "invalid_key", message, path });
      } else if (isMapping(value) && isGroup(value)) {
        this.#readInnerGroup(value, path, label);
      } else {
        this.#declare(code, value, path, label);
      }
    }
  }

  #readInnerGroup(mapping: Mapping, path: readonly string[], label: string | undefined): void {
    const own = groupLabel.optional().safeParse(mapping.group);
    if (own.success) this.readGroup(mapping, path, own.data ?? label);
    else this.#complain(own.error.issues, [...path, "group"]);
  }

  #declare(code: string, value: unknown, path: readonly string[], label: string | undefined): void {
    const checked = declarationSchema.safeParse(typeof value === "string" ? { description: value } : value);
    if (!checked.success) {
      this.#complain(checked.error.issues, path);
      return;
    }
    const first = this.declarations.get(code);
    if (first !== undefined) {
      this.declarations.set(code, { ...first, twins: [...(first.twins ?? []), path] });
      return;
    }
    const group = checked.data.group ?? label;
    this.declarations.set(code, {
      ...checked.data,
      ...(group === undefined ? {} : { group }),
      ...(path.length === 1 ? {} : { path }),
    });
  }

  #complain(issues: readonly Issue[], path: readonly string[]): void {
    for (const issue of issues) this.issues.push({ ...issue, path: [...path, ...issue.path] });
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A mapping whose keys are all slips in a declaration's keys is a declaration, which complains of them. */
function isGroup(mapping: Mapping): boolean {
  const others = Object.keys(mapping).filter((key) => key !== "group");
  return others.some((key) => !isNearlyMember(key)) && !others.some((key) => memberNames.includes(key));
}

function isNearlyMember(key: string): boolean {
  const slips = (name: string) => editDistance(key.toLowerCase(), name.toLowerCase());
  return memberNames.some((name) => slips(name) <= (name.length > 7 ? 2 : 1));
}
