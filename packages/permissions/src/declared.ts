import type { ModuleFacts, SourceLocation } from "@plinth/module";
import { fullCode } from "./code.ts";
import type { PermissionDeclaration } from "./declaration.ts";
import type { PermissionsSection } from "./section.ts";

/** Finds the place of a value in a manifest's file, by the keys that lead to it. */
export type Locate = (file: string, path: readonly (string | number)[]) => SourceLocation;

/** A declaration and where it stands. */
export interface Declared {
  readonly code: string;
  readonly localCode: string;
  readonly module: string;
  /** The module's version. */
  readonly version: string;
  readonly file: string | undefined;
  readonly declaration: PermissionDeclaration;
}

/** What a module's manifest declares, in the order of the manifest. */
export function declarationsOf(facts: ModuleFacts<PermissionsSection>): Declared[] {
  return Object.entries(facts.section ?? {}).map(([localCode, declaration]) => ({
    code: fullCode(facts.name, localCode),
    localCode,
    module: facts.name,
    version: facts.version,
    file: facts.manifest.file,
    declaration,
  }));
}

/** The places of declarations that stand in a file; `rest` leads to a key inside each. */
export function placesOf(declared: readonly Declared[], locate: Locate, ...rest: string[]): SourceLocation[] {
  return declared.flatMap(({ file, localCode, declaration }) =>
    file === undefined ? [] : [locate(file, ["permissions", ...(declaration.path ?? [localCode]), ...rest])],
  );
}

/** The places of further declarations of the same code in the same manifest. */
export function placesOfTwins({ file, declaration }: Declared, locate: Locate): SourceLocation[] {
  if (file === undefined) return [];
  return (declaration.twins ?? []).map((path) => locate(file, ["permissions", ...path]));
}
