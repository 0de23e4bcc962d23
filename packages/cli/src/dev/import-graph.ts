/** Which files of a process import which, installed packages left out. Grows as code is loaded. */
export class ImportGraph {
  readonly #importers = new Map<string, Set<string>>();
  readonly #loaded = new Set<string>();
  readonly #required = new Set<string>();
  readonly #versions = new Map<string, number>();
  #version = 0;

  /** A file has been imported by another, or by nobody who counts. `isRequired`: by `require`. */
  add(file: string, importer: string | undefined, isRequired: boolean): void {
    this.#loaded.add(file);
    if (isRequired) this.#required.add(file);
    else this.#required.delete(file);
    if (importer === undefined) return;
    const importers = this.#importers.get(file) ?? new Set();
    this.#importers.set(file, importers.add(importer));
  }

  /** All files that were imported. */
  files(): Iterable<string> {
    return this.#loaded;
  }

  isImported(file: string): boolean {
    return this.#importers.has(file);
  }

  /** Whether a file is no ES module, which alone can be imported anew. */
  isOnlyRequired(file: string): boolean {
    return this.#required.has(file);
  }

  /** The file and all that import it, maybe through others. Nothing for one that was not imported. */
  usersOf(file: string): Iterable<string> {
    const users = new Set(this.#loaded.has(file) ? [file] : []);
    for (const user of users) for (const importer of this.#importers.get(user) ?? []) users.add(importer);
    return users;
  }

  /** These files have changed: they and what imports them are others from now on, for those who import them anew. */
  renew(files: readonly string[]): void {
    this.#version++;
    for (const file of files) for (const user of this.usersOf(file)) this.#versions.set(user, this.#version);
  }

  /** Tells a file from what it was before it was renewed; `undefined` for one that is as it was first. */
  versionOf(file: string): number | undefined {
    return this.#versions.get(file);
  }
}
