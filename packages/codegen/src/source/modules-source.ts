import { header } from "./header.ts";
import { lineWidth, stringLiteral, templateText } from "./text.ts";

/** A module as the list of a platform's modules names it. Paths are seen from the list's folder, with slashes. */
export interface ListedModule {
  readonly name: string;
  readonly folder: string;
  /** The module's generated file; `undefined` for an installed module, whose definition carries its manifest. */
  readonly generated: string | undefined;
  /** The file with the module's code; `undefined` for a module without code. */
  readonly entry: string | undefined;
  /** The full codes of its permission constants. */
  readonly codes: readonly string[];
  /** The files of its folder that the list holds too; `undefined` where they stay in the folder. */
  readonly files?: readonly EmbeddedFile[] | undefined;
}

/** A file of a module's folder that becomes part of a program. */
export interface EmbeddedFile {
  /** In the module's folder, with slashes. */
  readonly path: string;
  readonly text: string;
  /** Whether it can be imported too. */
  readonly isCode: boolean;
}

/**
 * The source of a platform's `modules.gen.ts`: all modules, by name, as static imports, and the union
 * of their permission codes.
 */
export function modulesSource(modules: readonly ListedModule[]): string {
  const sorted = modules.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const codes = sorted.flatMap(({ name, generated, codes: own }) => {
    if (generated === undefined) return own.map(stringLiteral);
    return own.length === 0 ? [] : [`${pascalCase(name)}Permission`];
  });
  return [
    header("platform.yaml and the manifests of its modules"),
    'import type { StaticModule } from "@plinth/platform";\n',
    ...sorted.map(imports),
    "\n/** All modules of this platform, by name. */\n",
    `export const modules: readonly StaticModule[] = [${sorted.length === 0 ? "" : `\n${sorted.map(listing).join("")}`}];\n`,
    "\n/** Any of the permission codes of this platform's modules. */\n",
    `export type PermissionCode =${codesUnion(codes)};\n`,
  ].join("");
}

function imports({ name, generated, entry, codes }: ListedModule): string {
  const definition = entry === undefined ? "" : `import ${camelCase(name)}Module from ${stringLiteral(entry)};\n`;
  if (generated === undefined) return definition;
  const names = [
    `manifest as ${camelCase(name)}Manifest`,
    ...(codes.length > 0 ? [`type Permission as ${pascalCase(name)}Permission`] : []),
  ];
  const from = `from ${stringLiteral(generated)};\n`;
  const inline = `import { ${names.join(", ")} } ${from}`;
  const isShort = inline.length - 1 <= lineWidth;
  return definition + (isShort ? inline : `import {\n${names.map((each) => `  ${each},\n`).join("")}} ${from}`);
}

function listing({ name, folder, generated, entry, files }: ListedModule): string {
  const members = [
    ...(generated === undefined ? [] : [`manifest: ${camelCase(name)}Manifest`]),
    `definition: ${entry === undefined ? "undefined" : `${camelCase(name)}Module`}`,
    `folder: \`\${import.meta.dirname}/${templateText(folder)}\``,
    ...(files === undefined ? [] : [filesMember(folder, files)]),
  ];
  const inline = `  { ${members.join(", ")} },\n`;
  return inline.length - 1 <= lineWidth ? inline : `  {\n${members.map((each) => `    ${each},\n`).join("")}  },\n`;
}

function filesMember(folder: string, files: readonly EmbeddedFile[]): string {
  const members = files.map(({ path, text, isCode }) => {
    const load = isCode ? `, load: () => import(${stringLiteral(`${folder}/${path}`)})` : "";
    return `      ${stringLiteral(path)}: { text: ${stringLiteral(text)}${load} },\n`;
  });
  return members.length === 0 ? "files: {}" : `files: {\n${members.join("")}    }`;
}

function codesUnion(codes: readonly string[]): string {
  if (codes.length === 0) return " never";
  const inline = ` ${codes.join(" | ")}`;
  const isShort = "export type PermissionCode =".length + inline.length + 1 <= lineWidth;
  return isShort ? inline : codes.map((code) => `\n  | ${code}`).join("");
}

/** Names that differ in hyphens alone are refused, so no two modules get the same. */
function camelCase(name: string): string {
  return name
    .split("-")
    .filter((word) => word !== "")
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
}

function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
