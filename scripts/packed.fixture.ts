import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

/** Where this repository is. */
export const root = path.resolve(import.meta.dirname, "..");

/** The folders of all packages, by their names in `packages`. */
export const packages: readonly string[] = readdirSync(path.join(root, "packages")).filter((name) =>
  existsSync(path.join(root, "packages", name, "package.json")),
);

/** Builds all packages, and packs them as they would be published; gives the archives, absolute. */
export function packAll(destination: string): readonly string[] {
  execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  return packages.map((name) => {
    const args = ["pack", "--silent", "--pack-destination", destination];
    const output = execFileSync("npm", args, { cwd: path.join(root, "packages", name), encoding: "utf8" });
    return path.join(destination, output.trim().split("\n").at(-1) ?? "");
  });
}
