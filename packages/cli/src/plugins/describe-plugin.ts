import { canDenyNetwork, type IsolationMode } from "@plinth/isolation";
import type { Rights } from "@plinth/module";
import { fullCode } from "@plinth/permissions";
import { type ExaminedPlugin, listRights } from "@plinth/plugins";
import type { Paint } from "../output/paint.ts";
import { count } from "../output/problems.ts";
import { formatTable } from "../output/table.ts";
import { signatureText } from "./shown-plugin.ts";

/** What somebody is told before a plugin is installed. */
export interface PluginOffer {
  readonly examined: ExaminedPlugin;
  /** The version that is installed now. */
  readonly installed: string | undefined;
  readonly runsIn: IsolationMode;
  /** What it will be granted. */
  readonly rights: Rights;
}

/** Everything that a plugin brings along and asks for, as a table. */
export function describePlugin({ examined, installed, runsIn, rights }: PluginOffer, paint: Paint): string {
  const { manifest, files, bytes, signedBy, isTrusted } = examined;
  const { name, version, description, dependencies } = manifest;
  const dependsOn = dependencies.map(({ name, range, optional }) => `${name} ${range}${optional ? " (optional)" : ""}`);
  const granted = mayDo(rights);
  const place =
    runsIn === "process"
      ? "a process of its own"
      : paint.red("the platform's own process, where it can do whatever the platform can");
  const rows = [
    ["content", `${count(files.length, "file")}, ${bytes} bytes`],
    ["signed by", signatureText({ signedBy: signedBy ?? null, trusted: isTrusted })],
    ["depends on", dependsOn.join(", ") || "nothing"],
    ["permissions", permissionsOf(examined).join(", ") || "none"],
    ["migrations", migrationsOf(examined).join(", ") || "none"],
    ["runs in", place],
    ...(runsIn === "process" ? [["may", granted]] : []),
  ];
  const change = installed === undefined || installed === version ? "" : `, in place of ${installed}`;
  const head = `${paint.bold(`${name} ${version}`)}${change}${description === undefined ? "" : `: ${description}`}`;
  return `${head}\n${formatTable(rows.map(([what = "", value = ""]) => [`  ${paint.dim(what)}`, value]))}`;
}

/** What a plugin in a process of its own may do, in words. */
function mayDo(rights: Rights): string {
  const granted = listRights(rights);
  // Nobody shall agree in the belief that something is kept from it which is not.
  const isOpen = !rights.network && !canDenyNetwork();
  return (
    [...granted, ...(isOpen ? ["network, which this version of Node.js cannot keep from it"] : [])].join(", ") ||
    "nothing but run"
  );
}

/** The full codes of the permissions that a plugin declares. */
export function permissionsOf({ manifest }: Pick<ExaminedPlugin, "manifest">): readonly string[] {
  return Object.keys(manifest.sections.permissions ?? {}).map((code) => fullCode(manifest.name, code));
}

/** The names of the files in a plugin's folder of migrations. */
function migrationsOf({ manifest, files }: ExaminedPlugin): readonly string[] {
  const { migrations } = manifest.sections;
  if (typeof migrations !== "string") return [];
  const folder = `${migrations.replace(/^\.\//, "").replace(/\/$/, "")}/`;
  return files.flatMap(({ path }) => (path.startsWith(folder) ? [path.slice(folder.length)] : [])).sort();
}
