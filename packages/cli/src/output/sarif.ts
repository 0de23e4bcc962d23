import path from "node:path";
import { pathToFileURL } from "node:url";
import { type ErrorText, errorTable, type PlatformError, type SourceLocation } from "@plinth/module";
import { placeIn } from "./workspace-path.ts";

/** What a SARIF log says besides the problems. */
export interface SarifOptions {
  /** The folder that the repository is in, absolute. */
  readonly workspace: string;
  /** Of platformctl. */
  readonly version: string;
  /** The file that stands for a problem without a place, absolute. */
  readonly fallback: string;
}

/** Problems as a log in SARIF 2.1.0, which code scanning reads. Every result has a place, as GitHub demands. */
export function formatSarif(problems: readonly PlatformError[], options: SarifOptions): string {
  const { workspace, version, fallback } = options;
  const texts: Readonly<Record<string, ErrorText>> = errorTable;
  const codes = [...new Set(problems.map(({ code }) => code))];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "platformctl",
            version,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: texts[code]?.message ?? code },
              fullDescription: { text: texts[code]?.why ?? code },
              help: { text: texts[code]?.fix ?? code },
            })),
          },
        },
        results: problems.map(({ code, message, fix, at: [place = { file: fallback }, ...others] }) => ({
          ruleId: code,
          ruleIndex: codes.indexOf(code),
          level: "error",
          message: { text: `${message}. ${fix}` },
          locations: [locationOf(place, workspace)],
          ...(others.length === 0
            ? {}
            : { relatedLocations: others.map((other, index) => ({ id: index + 1, ...locationOf(other, workspace) })) }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function locationOf({ file, line = 1, column }: SourceLocation, workspace: string) {
  const place = placeIn(workspace, file);
  const uri = path.isAbsolute(place)
    ? pathToFileURL(place).href
    : encodeURI(place).replaceAll("#", "%23").replaceAll("?", "%3F");
  const region = { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  return { physicalLocation: { artifactLocation: { uri }, region } };
}
