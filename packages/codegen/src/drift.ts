import { visible } from "./source/text.ts";

/** The most lines that are shown of one file. */
const lineLimit = 60;

/**
 * What is wrong with a stale file, as a unified diff that ends with a line break: lines with a minus are
 * there and should not be, those with a plus are missing.
 *
 * @param name the file as people know it.
 */
export async function driftText(
  name: string,
  { before, after }: { readonly before: string | undefined; readonly after: string },
): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import("diff");
  const [from, to] = [before === undefined ? `${name} (missing)` : name, `${name} (generated)`];
  const options = { context: 2, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(from, to, before ?? "", after, undefined, undefined, options);
  const lines = patch.replace(/\n$/, "").split("\n").map(visible);
  const left = lines.length - lineLimit;
  // A file that is missing needs no listing.
  if (before === undefined) return `${lines.slice(0, 2).join("\n")}\n`;
  const shown = left > 1 ? [...lines.slice(0, lineLimit), `... and ${left} more lines`] : lines;
  return `${shown.join("\n")}\n`;
}
