import path from "node:path";

/**
 * Whether a pattern of module folders names a folder, by its path alone; it need not be there.
 *
 * @param root what the pattern is relative to, absolute.
 * @param folder absolute.
 */
export function fitsPattern(root: string, pattern: string, folder: string): boolean {
  const parts = path.posix.normalize(pattern).replace(/\/$/, "").split("/");
  const names = path.relative(root, folder).split(path.sep);
  return parts.length === names.length && parts.every((part, at) => fitsName(part, names[at] as string));
}

function fitsName(part: string, name: string): boolean {
  if (!part.includes("*")) return part === name;
  const [before = "", after = ""] = part.split("*");
  const isOrdinary = name !== "node_modules" && (!name.startsWith(".") || before.startsWith("."));
  return isOrdinary && name.length >= part.length - 1 && name.startsWith(before) && name.endsWith(after);
}
