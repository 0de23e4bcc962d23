import { type ErrorTable, errorAreas } from "@plinth/module";

const titles: Readonly<Record<keyof typeof errorAreas, string>> = {
  manifest: "Manifests",
  graph: "Graph and boot plan",
  wiring: "Services and wiring",
  loading: "Loading",
  lifecycle: "Start, stop and health",
  change: "Changing a running platform",
  isolation: "Modules in processes of their own",
  migrations: "Migrations",
  database: "Database",
  permissions: "Permissions",
  http: "HTTP",
  plugins: "Plugins",
  settings: "Settings",
  codegen: "Generated sources",
  discovery: "Discovery",
  command: "Command line",
  tests: "Tests of modules",
  control: "Control of a running platform",
  dev: "Development",
  scaffold: "New platforms and modules",
};

/** The text of docs/errors.md: every error of the table, by area. */
export function errorReference(): string {
  const areas = Object.entries(errorAreas).filter(([, table]) => Object.keys(table).length > 0);
  return [
    "# Errors",
    "",
    "Every error of Plinth has a stable code, says what is wrong and what to do, and names the places where there are",
    "any. This page is generated from the error table in `packages/module/src/errors/`; `npm run generate` renews it.",
    "Words in braces stand for what the error is about.",
    "",
    ...areas.map(
      ([area]) => `- [${titles[area as keyof typeof titles]}](#${anchorOf(titles[area as keyof typeof titles])})`,
    ),
    ...areas.flatMap(([area, table]) => ["", `## ${titles[area as keyof typeof titles]}`, ...entriesOf(table)]),
    "",
  ].join("\n");
}

function entriesOf(table: ErrorTable): string[] {
  return Object.entries(table).flatMap(([code, { message, fix, why }]) => [
    "",
    `### ${code}`,
    "",
    `> ${oneLine(message)}`,
    "",
    `**Fix.** ${oneLine(fix)}`,
    "",
    oneLine(why),
  ]);
}

/** Placeholders as code, so that Markdown does not take their underscores or angle brackets for its own. */
function oneLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replace(/</g, "&lt;")
    .replace(/\{(\w+)\}/g, "*{$1}*");
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replace(/ /g, "-");
}
