/** A node of a parsed source. */
export interface ProgramNode extends Readonly<Record<string, unknown>> {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** All nodes of a program, in no particular order. No recursion: programs nest deeply. */
export function* programNodes(program: unknown): Generator<ProgramNode> {
  const waiting: unknown[] = [program];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== "object" || next === null) continue;
    if (isNode(next)) yield next;
    for (const each of Object.values(next)) if (typeof each === "object" && each !== null) waiting.push(each);
  }
}

function isNode(value: object): value is ProgramNode {
  const { type, start } = value as Partial<ProgramNode>;
  return typeof type === "string" && typeof start === "number";
}
