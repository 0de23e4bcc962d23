import { lineWidth } from "./text.ts";

/** Something said of a declaration. */
export interface Doc {
  /** Paragraphs of prose that is inert already. */
  readonly text: readonly string[];
  /** Tags such as `@deprecated`, each with its inert text. */
  readonly tags?: readonly string[];
}

/** A documentation comment with a line break at its end; nothing where there is nothing to say. */
export function docComment({ text, tags = [] }: Doc, indent = 0): string {
  const pad = " ".repeat(indent);
  const paragraphs = text.filter((paragraph) => paragraph !== "");
  if (paragraphs.length + tags.length === 0) return "";
  const [only = ""] = paragraphs.length === 0 ? tags : paragraphs;
  const isOne = paragraphs.length + tags.length === 1;
  if (isOne && indent + only.length + "/**  */".length <= lineWidth) return `${pad}/** ${only} */\n`;
  const wrap = wrapAt(indent);
  const blocks = [...paragraphs.map(wrap), ...(tags.length > 0 ? [tags.flatMap(wrap)] : [])];
  const lines = blocks.flatMap((block, index) => (index === 0 ? block : ["", ...block]));
  return [`${pad}/**`, ...lines.map((line) => `${pad} * ${line}`.trimEnd()), `${pad} */`, ""].join("\n");
}

function wrapAt(indent: number) {
  const width = lineWidth - indent - " * ".length;
  return (paragraph: string): string[] => {
    const lines: string[] = [];
    for (const word of paragraph.split(" ")) {
      const last = lines.at(-1);
      if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  };
}
