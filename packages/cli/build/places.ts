import path from "node:path";

/** The folder of @plinth/cli. */
export const root = path.resolve(import.meta.dirname, "..");

export const src = path.join(root, "src");

/** The folder of all our packages. */
export const packages = path.resolve(root, "..");

/** Whether a file is a source of one of our packages. */
export function isOurs(file: string): boolean {
  return file.startsWith(packages) && !file.includes(`${path.sep}node_modules${path.sep}`);
}
