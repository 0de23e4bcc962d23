import { type PlatformError, platformError } from "@plinth/module";
import { fullCode } from "./code.ts";
import { type Declared, type Locate, placesOf } from "./declared.ts";
import { nearestHint } from "./nearest.ts";

/** Declarations by full code. */
export type DeclaredMap = ReadonlyMap<string, Declared>;

/** The full code of a declaration's successor, which is of the same module or else given by its full code. */
export function successorOf({ module, declaration }: Declared, declared: DeclaredMap): string | undefined {
  const written = declaration.replacedBy;
  if (written === undefined) return undefined;
  const own = fullCode(module, written);
  return declared.has(written) && !declared.has(own) ? written : own;
}

/** The code that decides in place of a declared one: the end of its chain of successors, or its own. */
export function currentCode(start: Declared, declared: DeclaredMap): string {
  let current = start;
  for (let steps = declared.size; steps > 0; steps--) {
    const successor = declared.get(successorOf(current, declared) ?? "");
    if (successor === undefined) break;
    current = successor;
  }
  return current.code;
}

/** Successors that do not exist, and circles of successors, each circle once. */
export function successorProblems(declared: DeclaredMap, locate: Locate): PlatformError[] {
  const problems: PlatformError[] = [];
  const settled = new Set<string>();
  for (const start of declared.values()) {
    const chain: Declared[] = [];
    let one: Declared | undefined = start;
    while (one !== undefined && !settled.has(one.code)) {
      settled.add(one.code);
      chain.push(one);
      const successor = successorOf(one, declared);
      if (successor !== undefined && !declared.has(successor)) problems.push(unknownSuccessor(one, declared, locate));
      one = successor === undefined ? undefined : declared.get(successor);
    }
    if (one !== undefined && chain.includes(one)) problems.push(circle(chain.slice(chain.indexOf(one)), locate));
  }
  return problems;
}

function unknownSuccessor(one: Declared, declared: DeclaredMap, locate: Locate): PlatformError {
  const successor = one.declaration.replacedBy ?? "";
  const others = [...declared.values()].filter((other) => other !== one);
  const candidates = others.map((other) => (other.module === one.module ? other.localCode : other.code));
  const hint = nearestHint(successor, candidates, "Write the code of a permission that a manifest declares.");
  const at = placesOf([one], locate, "replacedBy");
  return platformError("PERMISSION_SUCCESSOR_UNKNOWN", { code: one.code, successor, hint }, { at });
}

function circle(members: readonly Declared[], locate: Locate): PlatformError {
  const codes = [...members, ...members.slice(0, 1)].map((member) => member.code).join(" -> ");
  return platformError("PERMISSION_SUCCESSOR_CYCLE", { codes }, { at: placesOf(members, locate, "replacedBy") });
}
