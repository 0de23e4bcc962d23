import type { GrantMatrix } from "@plinth/grants";
import type { Paint } from "../output/paint.ts";
import { formatTable } from "../output/table.ts";

/** The matrix for a terminal: a line for each permission, a column for each role. */
export function tableOf({ roles, rows }: GrantMatrix, paint: Paint): string {
  const painted = { allow: paint.green("allow"), deny: paint.red("deny"), none: paint.dim("-") };
  return formatTable([
    ["PERMISSION", ...roles].map(paint.bold),
    ...rows.map(({ permission, standings }) => [permission.code, ...standings.map((standing) => painted[standing])]),
  ]);
}

/** The matrix as a table of Markdown, with the descriptions. */
export function markdownOf({ roles, rows }: GrantMatrix): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |\n`;
  return [
    line(["Permission", "", ...roles]),
    line(["---", "---", ...roles.map(() => ":-:")]),
    ...rows.map(({ permission: { code, description }, standings }) =>
      line([code, description ?? "", ...standings.map((standing) => (standing === "none" ? "" : standing))]),
    ),
  ].join("");
}

/** Nothing of a description is taken for Markdown or HTML. */
function escaped(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The matrix as comma-separated values (RFC 4180), lines ending with CRLF. */
export function csvOf({ roles, rows }: GrantMatrix): string {
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(",")}\r\n`;
  return [
    line(["permission", "module", "group", "description", ...roles]),
    ...rows.map(({ permission: { code, module, group, description }, standings }) =>
      line([
        code,
        module,
        group ?? "",
        description ?? "",
        ...standings.map((standing) => (standing === "none" ? "" : standing)),
      ]),
    ),
  ].join("");
}

/** A cell that a spreadsheet would take for a formula is made a text by an apostrophe. */
function quoted(cell: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The matrix as `--json` prints it. */
export function jsonOf({ roles, rows, unused }: GrantMatrix) {
  const permissions = rows.map(({ permission: { code, module, group, description }, standings }) => ({
    code,
    module,
    group: group ?? null,
    description: description ?? null,
    roles: Object.fromEntries(
      standings.flatMap((standing, index) => (standing === "none" ? [] : [[roles[index] ?? "", standing]])),
    ),
  }));
  return { roles, permissions, unused };
}
