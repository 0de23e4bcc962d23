import { fits } from "./pattern.ts";
import type { Grant } from "./role.ts";

/**
 * What somebody with these grants may do. A deny outweighs every allow, from whichever role it comes,
 * and what nothing allows is denied. Answers are remembered by code.
 */
export class Rights {
  readonly #grants: readonly Grant[];
  readonly #known = new Map<string, boolean>();

  constructor(grants: readonly Grant[]) {
    this.#grants = grants;
  }

  /** @param code full, and one that has no successor. */
  allows(code: string): boolean {
    let allowed = this.#known.get(code);
    if (allowed === undefined) {
      const applying = this.#grants.filter(({ pattern }) => fits(pattern, code));
      allowed = applying.length > 0 && applying.every(({ effect }) => effect === "allow");
      this.#known.set(code, allowed);
    }
    return allowed;
  }
}
