import { type Comment, parseSync, Visitor } from "oxc-parser";

/** An import, a re-export, a type that is imported where it is used, or a dynamic import or `require` of a literal. */
export interface FoundImport {
  readonly specifier: string;
  /** Where the specifier begins in the text. */
  readonly offset: number;
}

/** A service that a file names by its id, as in `service<Users>("identity.users")`. */
export interface FoundService {
  readonly id: string;
  /** The part of the id before the dot: the module that provides it. */
  readonly module: string;
  readonly offset: number;
}

/** What a file takes from elsewhere, in the order of the text. */
export interface FoundUses {
  readonly imports: readonly FoundImport[];
  readonly services: readonly FoundService[];
}

/** What a file imports, in the order of the text, types included. */
export function readImports(file: string, text: string): readonly FoundImport[] {
  return readUses(file, text).imports;
}

/** What a file imports, types included, and the services that it names. */
export function readUses(file: string, text: string): FoundUses {
  const parsed = parseSync(file, text);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const requests = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
  ];
  const found = new Map(requests.map(({ value, start }) => [start, value]));
  for (const { moduleRequest } of dynamicImports) {
    const [, , specifier] = /^(["'`])([^"'`$\\]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end)) ?? [];
    if (specifier !== undefined) found.set(moduleRequest.start, specifier);
  }
  // The rest is rare, and finding it takes a look at the whole tree.
  if (hasOthers(text, found)) {
    const add = (node: { readonly type: string; readonly start: number; readonly value?: unknown } | undefined) => {
      if (node?.type === "Literal" && typeof node.value === "string") found.set(node.start, node.value);
    };
    new Visitor({
      TSImportType: ({ source }) => add(source),
      TSImportEqualsDeclaration({ moduleReference }) {
        if (moduleReference.type === "TSExternalModuleReference") add(moduleReference.expression);
      },
      CallExpression({ callee, arguments: [first] }) {
        if (callee.type === "Identifier" && callee.name === "require") add(first);
      },
    }).visit(parsed.program);
  }
  const imports = [...found].sort(([a], [b]) => a - b).map(([offset, specifier]) => ({ specifier, offset }));
  return { imports, services: servicesIn(text, () => parsed.comments) };
}

function hasOthers(text: string, known: ReadonlyMap<number, string>): boolean {
  return [...text.matchAll(/\b(?:import|require)\s*\(\s*(?=["'])/g)].some(
    ({ 0: before, index }) => !known.has(index + before.length),
  );
}

function servicesIn(text: string, comments: () => readonly Comment[]): readonly FoundService[] {
  return [...text.matchAll(/\bservice\s*(?:<[^()]*>)?\s*\(\s*(["'`])(([a-z][a-z0-9-]*)\.[^"'`$\\]+)\1/g)].flatMap(
    ({ 0: whole, 2: id = "", 3: module = "", index }) => {
      const offset = index + whole.length - id.length - 2;
      return comments().some(({ start, end }) => start <= offset && offset < end) ? [] : [{ id, module, offset }];
    },
  );
}
