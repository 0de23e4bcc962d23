import type { PermissionInfo } from "@plinth/permissions";
import { fits } from "./pattern.ts";

/** The permissions of a platform, as grants look at them. */
export class Codes {
  readonly #permissions: ReadonlyMap<string, PermissionInfo>;
  readonly #predecessors: ReadonlyMap<string, readonly string[]>;

  constructor(permissions: readonly PermissionInfo[]) {
    this.#permissions = new Map(permissions.map((permission) => [permission.code, permission]));
    const old = permissions.filter(({ code, current }) => code !== current);
    const byCurrent = Map.groupBy(old, ({ current }) => current);
    this.#predecessors = new Map([...byCurrent].map(([current, all]) => [current, all.map(({ code }) => code)]));
  }

  /** Those that decide: neither replaced nor over. */
  get current(): readonly PermissionInfo[] {
    return [...this.#permissions.values()].filter(({ code, current, expired }) => code === current && !expired);
  }

  /** All that a pattern can be meant for. */
  get all(): readonly string[] {
    return [...this.#permissions.keys()];
  }

  /**
   * Whether a grant of the pattern would say anything: it fits a code that decides, or is an old code,
   * which stands for such a one.
   */
  isUseful(pattern: string): boolean {
    const followed = this.follow(pattern);
    return this.current.some(({ code }) => fits(followed, code));
  }

  /**
   * What a stored pattern counts as: an old code as the one that decides in its place, as long as it
   * may be checked; anything else as itself.
   */
  follow(pattern: string): string {
    const permission = this.#permissions.get(pattern);
    return permission === undefined || permission.expired ? pattern : permission.current;
  }

  /** The old codes in whose place `code` decides. */
  predecessorsOf(code: string): readonly string[] {
    return this.#predecessors.get(code) ?? [];
  }

  /** Whether it is a code whose time is over, so that nothing asks for it any more. */
  isExpired(pattern: string): boolean {
    return this.#permissions.get(pattern)?.expired === true;
  }

  /** All replacements, each before those of its successor. */
  renames(): readonly Rename[] {
    const length = (code: string): number => {
      let steps = 0;
      let next = this.#permissions.get(code)?.replacedBy;
      for (; next !== undefined; next = this.#permissions.get(next)?.replacedBy) steps++;
      return steps;
    };
    return [...this.#permissions.values()]
      .flatMap(({ code, replacedBy }) => (replacedBy === undefined ? [] : [{ code, successor: replacedBy }]))
      .sort((a, b) => length(b.code) - length(a.code));
  }
}

/** That one code has taken another's place. */
export interface Rename {
  readonly code: string;
  readonly successor: string;
}
