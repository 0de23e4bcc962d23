import { readFileSync } from "node:fs";
import { positionAt } from "@plinth/kernel";
import type { SourceLocation } from "@plinth/module";
import { type Expression, type Program, parseSync } from "oxc-parser";

/** Where a name of a file comes from: another file, and what it is called there; `*` for all of it. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
}

/** A file of TypeScript or JavaScript, parsed, with the names that stand at its top. */
export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  readonly program: Program;
  readonly imports: ReadonlyMap<string, ImportedName>;
  /** Values of `const` names. */
  readonly constants: ReadonlyMap<string, Expression>;
  /** Names that are exported under another name, or from another file. */
  readonly exports: ReadonlyMap<string, string | ImportedName>;
  /** Files of which everything is exported. */
  readonly exportsAllOf: readonly string[];
  /** Why the file could not be parsed to its end; nothing can be relied on then. */
  readonly failure: { readonly reason: string; readonly at: SourceLocation } | undefined;
  locate(offset: number): SourceLocation;
}

/** Reads and parses a file. */
export function parseSource(path: string, text: string = readFileSync(path, "utf8")): SourceFile {
  const { program, errors } = parseSync(path, text);
  const locate = (offset: number): SourceLocation => ({ file: path, ...positionAt(text, offset) });
  const [error] = errors;
  const failure = error === undefined ? undefined : { reason: error.message, at: locate(error.labels[0]?.start ?? 0) };
  return { path, program, failure, locate, ...namesOf(program) };
}

function namesOf(program: Program): Pick<SourceFile, "imports" | "constants" | "exports" | "exportsAllOf"> {
  const imports = new Map<string, ImportedName>();
  const constants = new Map<string, Expression>();
  const exports = new Map<string, string | ImportedName>();
  const exportsAllOf: string[] = [];
  for (const statement of program.body) {
    if (statement.type === "ImportDeclaration") {
      for (const specifier of statement.specifiers) {
        const name =
          specifier.type === "ImportSpecifier"
            ? nameOf(specifier.imported)
            : specifier.type === "ImportDefaultSpecifier"
              ? "default"
              : "*";
        imports.set(specifier.local.name, { specifier: statement.source.value, name });
      }
    } else if (statement.type === "ExportAllDeclaration") {
      const all = { specifier: statement.source.value, name: "*" };
      if (statement.exported === null) exportsAllOf.push(statement.source.value);
      else exports.set(nameOf(statement.exported), all);
    } else if (statement.type === "ExportNamedDeclaration") {
      if (statement.declaration !== null) addConstants(statement.declaration, constants);
      for (const { local, exported } of statement.specifiers) {
        const name = nameOf(local);
        exports.set(nameOf(exported), statement.source === null ? name : { specifier: statement.source.value, name });
      }
    } else {
      addConstants(statement, constants);
    }
  }
  return { imports, constants, exports, exportsAllOf };
}

function addConstants(statement: Program["body"][number], constants: Map<string, Expression>): void {
  if (statement.type !== "VariableDeclaration" || statement.kind !== "const") return;
  for (const { id, init } of statement.declarations) {
    if (id.type === "Identifier" && init !== null) constants.set(id.name, init);
  }
}

function nameOf(name: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return name.name ?? String(name.value);
}
