import { jsonSchemaOf } from "../packages/cli/src/output/shapes/define.ts";
import { outputShapes } from "../packages/cli/src/output/shapes/shapes.ts";
import { notationOf, type SchemaPart, sharedParts } from "./shape-notation.ts";

/** The text of docs/cli-json.md: what every command prints with --json. */
export function jsonShapes(): string {
  const shapes = Object.entries(outputShapes).map(([name, shape]) => ({
    name,
    description: shape.description,
    lines: shape.lines,
    schema: jsonSchemaOf(shape) as SchemaPart,
  }));
  const shared = sharedParts(shapes.map(({ schema }) => schema));
  return [
    "# What `--json` prints",
    "",
    "Every command that prints JSON prints one object, whose `version` is 1. The version goes up when a key goes away, is",
    "renamed or comes to mean something else; new keys may be added at any time. Files are absolute, times are in ISO 8601,",
    "and what is not known is `null`. A command that goes on, as with `--watch`, prints such an object in a line of its own",
    "for each event. Complaints go to the standard error, and a command line that is wrong prints nothing here (exit code 2).",
    "",
    "This page is generated from the schemas in `packages/cli/src/output/shapes`, which every test of a command holds its",
    "output against; `npm run generate` renews it.",
    "",
    ...shapes.map(({ name }) => `- [platformctl ${name}](#platformctl-${anchorOf(name)})`),
    "- [Shared parts](#shared-parts)",
    ...shapes.flatMap(({ name, description, lines, schema }) => [
      "",
      `## platformctl ${name}`,
      "",
      `${sentence(description)}${lines ? " One line for each." : ""}`,
      "",
      ...codeBlock(notationOf(schema)),
    ]),
    "",
    "## Shared parts",
    ...shared.flatMap(({ name, part }) => [
      "",
      `### ${name}`,
      "",
      sentence(part.description ?? ""),
      "",
      ...codeBlock(notationOf(part)),
    ]),
    "",
  ].join("\n");
}

function codeBlock(text: string): string[] {
  return ["```ts fragment", text.trimStart(), "```"];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function anchorOf(name: string): string {
  return name.replace(/[^a-z0-9 -]/g, "").replace(/ /g, "-");
}
