import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, vi } from "vitest";
import { type RunningCommand, spawnPlatformctl } from "../command-line.fixture.ts";
import { threeModules, waiting } from "../control/running.fixture.ts";

/** One line of `dev --json`. */
interface Line {
  readonly event: string;
  readonly files: readonly string[];
  readonly reloaded: readonly string[];
  readonly url: string | null;
  readonly reason: string | null;
  readonly problems: readonly { readonly code: string; readonly at: readonly { readonly file: string }[] }[];
}

/** A platform in development, in real processes on real files. */
export class Development {
  readonly root: string;
  readonly command: RunningCommand;

  constructor(more: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
    this.root = threeModules(more);
    this.command = spawnPlatformctl(["dev", "--json", "-C", this.root, ...args]);
  }

  /** What it has said so far, but for edits of the packages in this repository, which the platform consists of too. */
  lines(): readonly Line[] {
    return this.#all().filter(({ files }) => files.length === 0 || files.some((file) => file.startsWith(this.root)));
  }

  /** Waits until it has said something new that `matches`; what was there before does not count. */
  async says(matches: object, from = 0): Promise<Line> {
    return vi.waitFor(() => {
      const found = this.lines()
        .slice(from)
        .find((line) => {
          try {
            expect(line).toMatchObject(matches);
            return true;
          } catch {
            return false;
          }
        });
      if (found === undefined)
        throw new Error(
          `it did not say ${JSON.stringify(matches)} but ${this.command.stdout()}${this.command.stderr()}`,
        );
      return found;
    }, waiting);
  }

  /** Waits until its lines are just these. */
  async hasSaid(events: readonly string[], from = 0): Promise<void> {
    const said = () => this.lines().slice(from);
    await vi.waitFor(() => expect(said().map(({ event }) => event)).toEqual(events), waiting);
  }

  /** Where the platform listens now. */
  get url(): string {
    return this.#all().findLast(({ url }) => url !== null)?.url ?? "";
  }

  /** Waits until the platform answers this. */
  async answers(module: string, text: string): Promise<void> {
    await vi.waitFor(async () => expect(await (await fetch(`${this.url}/${module}`)).text()).toBe(text), waiting);
  }

  write(file: string, text: string): void {
    const whole = path.join(this.root, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, text);
  }

  /** Saves as editors do: beside the file, and then in its place. */
  saveAside(file: string, text: string): void {
    this.write(`${file}~`, text);
    renameSync(path.join(this.root, `${file}~`), path.join(this.root, file));
  }

  remove(file: string): void {
    rmSync(path.join(this.root, file), { recursive: true });
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), "utf8");
  }

  #all(): readonly Line[] {
    return this.command
      .stdout()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }
}
