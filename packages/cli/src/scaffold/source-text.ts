/** An import of named values and types. */
export interface ImportLine {
  readonly specifier: string;
  readonly names: readonly string[];
  readonly isType?: boolean;
}

/** Import statements in the order that the linter keeps: packages, then files, each by name. */
export function importLines(imports: readonly ImportLine[]): string {
  const bySpecifier = Map.groupBy(imports, ({ specifier, isType = false }) => `${isType ? "type " : ""}${specifier}`);
  return [...bySpecifier.values()]
    .map((group) => ({ ...group[0], names: group.flatMap(({ names }) => names) }))
    .sort((a, b) => compare(rank(a.specifier ?? ""), rank(b.specifier ?? "")))
    .map(({ specifier, names, isType = false }) => {
      const listed = [...new Set(names)].sort((a, b) => compare(bare(a), bare(b))).join(", ");
      return `import ${isType ? "type " : ""}{ ${listed} } from "${specifier}";\n`;
    })
    .join("");
}

/** The imports at the top of a source, each on a line of its own, in that order. */
export function sortImports(text: string): string {
  return text.replace(/(?:^import .* from ".*";\n)+/m, (block) => {
    const lines = block.trimEnd().split("\n");
    const specifierIn = (line: string) => rank(/ from "(.*)";$/.exec(line)?.[1] ?? "");
    return `${lines.sort((a, b) => compare(specifierIn(a), specifierIn(b))).join("\n")}\n`;
  });
}

/** Code with an empty line between its parts. */
export function paragraphs(...parts: readonly string[]): string {
  return `${parts
    .filter((part) => part !== "")
    .map((part) => part.replace(/\n+$/, ""))
    .join("\n\n")}\n`;
}

function rank(specifier: string): string {
  if (specifier.startsWith("node:")) return `0${specifier}`;
  if (!specifier.startsWith(".")) return `1${specifier}`;
  return specifier.startsWith("../") ? `2${specifier}` : `3${specifier}`;
}

function bare(name: string): string {
  return name.replace(/^type /, "").toLowerCase();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
