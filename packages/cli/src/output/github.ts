import type { PlatformError } from "@plinth/module";
import { placeIn } from "./workspace-path.ts";

/**
 * Problems as workflow commands of GitHub Actions, which shows them beside the lines concerned.
 *
 * @param workspace the folder that the repository is in, absolute.
 */
export function formatGithub(problems: readonly PlatformError[], workspace: string): string {
  return problems
    .map(({ code, message, fix, at: [place] }) => {
      const where =
        place === undefined
          ? []
          : [
              ["file", placeIn(workspace, place.file)],
              ["line", place.line],
              ["col", place.column],
            ];
      const properties = [...where, ["title", code]]
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
      return `::error ${properties.join(",")}::${escapeData(`${message}\nfix: ${fix}`)}\n`;
    })
    .join("");
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
