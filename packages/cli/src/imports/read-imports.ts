import { parseSync } from "oxc-parser";

/** An import, a re-export, or a dynamic import of a literal. */
export interface FoundImport {
  readonly specifier: string;
  /** Where the specifier begins in the text. */
  readonly offset: number;
}

/** What a file imports, in the order of the text, types included. */
export function readImports(file: string, text: string): FoundImport[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module;
  const requests = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
  ];
  const found = new Map(requests.map(({ value, start }) => [start, value]));
  for (const { moduleRequest } of dynamicImports) {
    const [, , specifier] = /^(["'`])([^"'`$\\]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end)) ?? [];
    if (specifier !== undefined) found.set(moduleRequest.start, specifier);
  }
  return [...found].sort(([a], [b]) => a - b).map(([offset, specifier]) => ({ specifier, offset }));
}
