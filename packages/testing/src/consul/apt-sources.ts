/** Where a machine's own apt gets Debian packages from. */
export interface DebianMirror {
  readonly uri: string;
  /** What the machine trusts for that mirror: a path or a key, as its own sources say; `undefined` for apt's default. */
  readonly signedBy: string | undefined;
}

/** One file of apt's sources. */
export interface AptSource {
  readonly name: string;
  readonly text: string;
}

const debianSuite = /^(stable|oldstable|oldoldstable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky)$/;

/**
 * The mirrors of Debian's main archive that the sources name, in order, each once. Both forms are
 * read: one line an entry (`*.list`) and paragraphs (`*.sources`).
 */
export function debianMirrors(sources: readonly AptSource[]): readonly DebianMirror[] {
  const found = sources.flatMap(({ name, text }) =>
    name.endsWith(".sources") ? mirrorsOfParagraphs(text) : mirrorsOfLines(text),
  );
  return found.filter(({ uri }, index) => found.findIndex((other) => other.uri === uri) === index);
}

function mirrorsOfLines(text: string): DebianMirror[] {
  return text.split("\n").flatMap((line) => {
    const entry = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/.exec(line.replace(/#.*/, ""));
    if (entry === null) return [];
    const [, options = "", uri = "", suite = "", components = ""] = entry;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    return isDebian([suite], components.split(/\s+/)) ? [{ uri, signedBy }] : [];
  });
}

function mirrorsOfParagraphs(text: string): DebianMirror[] {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const fields = fieldsOf(paragraph);
    const words = (name: string): string[] => (fields.get(name) ?? "").split(/\s+/).filter((word) => word !== "");
    if (!words("types").includes("deb") || fields.get("enabled")?.trim() === "no") return [];
    if (!isDebian(words("suites"), words("components"))) return [];
    // A key may stand in the file itself, over several lines; only a path fits on one.
    const [signedBy] = words("signed-by").length === 1 ? words("signed-by") : [];
    return words("uris").map((uri) => ({ uri, signedBy }));
  });
}

function fieldsOf(paragraph: string): Map<string, string> {
  const fields = new Map<string, string>();
  let name = "";
  for (const line of paragraph.split("\n")) {
    if (line.startsWith("#")) continue;
    const field = /^([A-Za-z-]+):(.*)$/.exec(line);
    if (field !== null) name = (field[1] ?? "").toLowerCase();
    fields.set(name, `${fields.get(name) ?? ""} ${field?.[2] ?? line}`);
  }
  return fields;
}

function isDebian(suites: readonly string[], components: readonly string[]): boolean {
  return suites.some((suite) => debianSuite.test(suite)) && components.includes("main");
}
