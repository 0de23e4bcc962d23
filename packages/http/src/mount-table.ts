import type { Mount } from "./mount.ts";
import { isUnder } from "./paths.ts";

/** The mounts of a platform, found by the longest prefix that fits a path. */
export class MountTable {
  readonly #byPrefix = new Map<string, Mount>();
  readonly #byModule = new Map<string, Mount>();
  #depth = 0;

  add(mount: Mount): void {
    this.#byModule.set(mount.module, mount);
    this.#byPrefix.set(mount.prefix, mount);
    this.#depth = Math.max(this.#depth, segmentsOf(mount.prefix));
  }

  remove(mount: Mount): void {
    this.#byModule.delete(mount.module);
    if (this.#byPrefix.get(mount.prefix) === mount) this.#byPrefix.delete(mount.prefix);
    this.#depth = Math.max(0, ...[...this.#byPrefix.keys()].map(segmentsOf));
  }

  /** The mount of a module. */
  of(module: string): Mount | undefined {
    return this.#byModule.get(module);
  }

  list(): readonly Mount[] {
    return [...this.#byModule.values()];
  }

  /** The mount whose prefix is the longest that `path` lies under, by whole segments. */
  find(path: string): Mount | undefined {
    let end = 0;
    for (let segment = 0; segment < this.#depth; segment++) {
      end = path.indexOf("/", end + 1);
      if (end === -1) {
        end = path.length;
        break;
      }
    }
    while (end > 0) {
      const mount = this.#byPrefix.get(path.slice(0, end));
      if (mount !== undefined) return mount;
      end = path.lastIndexOf("/", end - 1);
    }
    return this.#byPrefix.get("/");
  }

  /** The mount of another module that takes all requests under `path` away from a mount with `prefix`. */
  shadowing(path: string, prefix: string): Mount | undefined {
    return this.list().find(
      (other) => other.prefix.length > prefix.length && isUnder(other.prefix, prefix) && isUnder(path, other.prefix),
    );
  }
}

function segmentsOf(prefix: string): number {
  return prefix === "/" ? 0 : prefix.split("/").length - 1;
}
