import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { FileTexts } from "./file-texts.ts";
import type { PackageContent } from "./package-file.ts";
import { sortImports } from "./source-text.ts";

/** The name of the platform in the template. */
const templateName = "starter";
/** The version of a package of Plinth in the template. */
const templateVersion = "plinth";

/** What a platform made from the template is to be called, and where it gets Plinth from. */
export interface PlatformPlan {
  readonly name: string;
  /** What its package.json asks for, of each package of Plinth that its modules or itself use. */
  readonly rangeOf: (packageName: string) => string;
  /** Archives that the platform's own package.json takes packages from, by their names. */
  readonly archives: ReadonlyMap<string, string>;
}

/**
 * All files of a new platform but the generated ones, by their paths. The template is a platform itself; a leading
 * underscore keeps npm, and the tools of the repository that it is in, from taking a file or folder for their own.
 */
export function platformFiles(plan: PlatformPlan): FileTexts {
  const folder = templateFolder(import.meta.dirname);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const rendered = files.map(({ parentPath, name }) => {
    const file = path.relative(folder, path.join(parentPath, name)).split(path.sep);
    const target = file.map((part) => part.replace(/^_/, "")).join("/");
    return [target, render(target, readFileSync(path.join(parentPath, name), "utf8"), plan)] as const;
  });
  return new Map(rendered.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The package's own `templates/platform`, from sources and from what they are compiled to. */
function templateFolder(from: string): string {
  const folder = path.join(from, "templates/platform");
  return existsSync(folder) ? folder : templateFolder(path.dirname(from));
}

function render(file: string, text: string, plan: PlatformPlan): string {
  const named = text.replaceAll(templateName, plan.name);
  if (file.endsWith(".ts")) return sortImports(named);
  if (path.posix.basename(file) !== "package.json") return named;
  const content: PackageContent = JSON.parse(withRanges(named, plan));
  return `${JSON.stringify(file === "package.json" ? withArchives(content, plan) : content, null, 2)}\n`;
}

function withRanges(text: string, { rangeOf }: PlatformPlan): string {
  const wanted = new RegExp(`"(@plinth/[^"]+)": "${templateVersion}"`, "g");
  return text.replaceAll(wanted, (_, name: string) => `"${name}": "${rangeOf(name)}"`);
}

/** Packages from archives are all named at the top, from where packages that need each other find them too. */
function withArchives(content: PackageContent, { archives }: PlatformPlan): PackageContent {
  if (archives.size === 0) return content;
  const ours = Object.entries(content.dependencies ?? {}).map(([name, range]) => [name, archives.get(name) ?? range]);
  const dependencies = Object.fromEntries(ours);
  const others = [...archives].filter(([name]) => !(name in dependencies));
  return { ...content, dependencies, devDependencies: { ...content.devDependencies, ...Object.fromEntries(others) } };
}
