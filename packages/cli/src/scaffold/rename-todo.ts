import path from "node:path";
import type { SourceLocation } from "@plinth/module";
import { placeFrom } from "../output/place.ts";
import { findBiome } from "./format-with-biome.ts";
import type { RenamePlan } from "./plan-rename.ts";

/** The most doubtful places that are listed. */
const mostPlaces = 20;

/**
 * What the renaming of a module leaves to people, each a paragraph.
 *
 * @param isDone whether the module has been moved, so that places in it are elsewhere now.
 */
export function renameTodo(plan: RenamePlan, to: string, cwd: string, isDone: boolean): readonly string[] {
  const { sections } = plan.module.module.manifest;
  const from = plan.module.name;
  const http = sections.http as { readonly prefix?: string } | undefined;
  return [
    ...(sections.migrations === undefined && sections.permissions === undefined
      ? []
      : [
          `The database keeps the old name. Before the first start with the new one, stop the platform and run on each of its databases:\n${renameSql(from, to, sections)}\nA database in a folder, which has no client of its own, may be deleted instead where its data can be spared.`,
        ]),
    ...(plan.hasSettings
      ? [`Variables that begin with ${variable(from)} begin with ${variable(to)} from now on, wherever they are set.`]
      : []),
    ...(http?.prefix === undefined
      ? [
          `Its routes, if it has any, move from /${from} to /${to}. To leave them, add to its manifest: http: { prefix: /${from} }`,
        ]
      : []),
    ...(plan.package === undefined ? [] : [`npm install links ${plan.package}.`]),
    ...(findBiome(plan.module.folder) === undefined
      ? []
      : ["Imports may stand in another order than the linter wants: biome check --write sorts them."]),
    ...doubts(isDone ? doubtfulNow(plan) : plan.doubtful, cwd),
  ];
}

/** Moves the tables, what the ledger knows of them, and what roles say of the permissions. */
function renameSql(from: string, to: string, sections: Readonly<Record<string, unknown>>): string {
  const hasTables = sections.migrations !== undefined;
  const lines = [
    "begin;",
    ...(hasTables
      ? [
          `alter schema "${from.replaceAll("-", "_")}" rename to "${to.replaceAll("-", "_")}";`,
          `update plinth.migrations set module = '${to}' where module = '${from}';`,
        ]
      : []),
    ...(sections.permissions === undefined
      ? []
      : [
          "-- Only where roles are kept in the database, by @plinth/grants:",
          `update grants.role_grants set pattern = '${to}' || substr(pattern, ${from.length + 1}) where pattern like '${from}.%';`,
          `update grants.renames set code = '${to}' || substr(code, ${from.length + 1}) where code like '${from}.%';`,
          `update grants.renames set successor = '${to}' || substr(successor, ${from.length + 1}) where successor like '${from}.%';`,
        ]),
    "commit;",
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

function doubtfulNow({ doubtful, moves }: RenamePlan): readonly SourceLocation[] {
  return doubtful.map((at) => {
    const move = moves.find(({ from }) => at.file.startsWith(from + path.sep));
    return move === undefined ? at : { ...at, file: move.to + at.file.slice(move.from.length) };
  });
}

function doubts(doubtful: readonly SourceLocation[], cwd: string): string[] {
  if (doubtful.length === 0) return [];
  const places = doubtful.slice(0, mostPlaces).map((at) => `  ${placeFrom(cwd, at)}`);
  const more = doubtful.length > mostPlaces ? [`  and ${doubtful.length - mostPlaces} more`] : [];
  return [
    [
      "These places may mean the module, and were left alone; do not edit a migration that has been applied:",
      ...places,
      ...more,
    ].join("\n"),
  ];
}

function variable(module: string): string {
  return `PLATFORM_${module.replaceAll("-", "_").toUpperCase()}__`;
}
