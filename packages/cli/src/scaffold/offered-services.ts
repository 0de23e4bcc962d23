import { readFileSync } from "node:fs";
import path from "node:path";
import type { RegisteredModule } from "@plinth/kernel";
import { moduleCode } from "../imports/module-code.ts";
import { parseSource, type SourceFile } from "../sources/source-file.ts";

/** A service of a module, as others import it. */
export interface OfferedService {
  /** The name under which it is exported. */
  readonly name: string;
  /** `identity.users`. */
  readonly id: string;
}

/** How others get at a module. */
export interface PublicEntry {
  /** The name of its package, or its entry file, absolute. */
  readonly specifier: string;
  readonly isPackage: boolean;
  /** In the order of the source. */
  readonly services: readonly OfferedService[];
}

/** What a module offers from its public entry; nothing is run. `undefined` for a module without one. */
export function publicEntryOf(module: RegisteredModule, folder: string): PublicEntry | undefined {
  const { packageName, entry, exports } = moduleCode(module, folder);
  const offered = packageName !== undefined && exports.includes("") ? exportedFile(folder) : undefined;
  const file = packageName === undefined ? entry : (offered ?? (exports.includes("") ? entry : undefined));
  if (file === undefined) return undefined;
  return {
    specifier: packageName ?? file,
    isPackage: packageName !== undefined,
    services: servicesIn(file, module.manifest.name, new Set()),
  };
}

/** The file that `"."` of the package's exports stands for, where that is a source. */
function exportedFile(folder: string): string | undefined {
  const { exports }: { readonly exports?: Exports } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  const own = exports?.["."];
  const files = typeof own === "string" ? [own] : Object.values(own ?? {});
  const source = files.find((each) => /(?<!\.d)\.[cm]?ts$/.test(each));
  return source === undefined ? undefined : path.join(folder, source);
}

type Exports = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** The references that a file exports, its own and those of other files of the module. */
function servicesIn(file: string, module: string, seen: Set<string>): OfferedService[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const source = sourceOf(file);
  if (source === undefined) return [];
  const found: OfferedService[] = [];
  for (const [name, value] of source.constants) {
    const call = value.type === "CallExpression" ? value : undefined;
    const [first] = call?.arguments ?? [];
    if (call?.callee.type !== "Identifier" || call.callee.name !== "service") continue;
    if (first?.type !== "Literal" || typeof first.value !== "string") continue;
    if (first.value.startsWith(`${module}.`)) found.push({ name, id: first.value });
  }
  const others = [
    ...source.exportsAllOf,
    ...[...source.exports.values()].flatMap((each) => (typeof each === "string" ? [] : [each.specifier])),
  ].filter((specifier) => specifier.startsWith("."));
  for (const specifier of new Set(others)) {
    const named = new Set(
      [...source.exports].flatMap(([name, from]) =>
        typeof from !== "string" && from.specifier === specifier ? [name] : [],
      ),
    );
    const isAll = source.exportsAllOf.includes(specifier);
    const offered = servicesIn(path.resolve(path.dirname(file), specifier), module, seen);
    found.push(...offered.filter(({ name }) => isAll || named.has(name)));
  }
  return found;
}

function sourceOf(file: string): SourceFile | undefined {
  try {
    const source = parseSource(file);
    return source.failure === undefined ? source : undefined;
  } catch {
    return undefined;
  }
}
