import path from "node:path";

/** A file as seen from a folder that holds it, with `/` on every system; absolute for one outside. */
export function placeIn(workspace: string, file: string): string {
  const relative = path.relative(workspace, file);
  const isInside = relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  return isInside ? relative.split(path.sep).join("/") : file;
}
