import { type OutputName, outputShapes } from "./shapes/shapes.ts";

/**
 * Holds what a command printed with `--json` against the shape of its output, key by key. What was not asked for
 * as JSON is left alone.
 *
 * @throws Error naming the command and the key.
 */
export function checkOutput(args: readonly string[], stdout: string): void {
  const asked = args.includes("--json") || args.join(" ").includes("--format json") || args.includes("--format=json");
  if (!asked || args.includes("--help") || stdout === "") return;
  const name = outputName(args);
  const { lines, schema } = outputShapes[name];
  const texts = lines ? stdout.trimEnd().split("\n") : [stdout];
  for (const text of texts) {
    const { error } = schema.safeParse(JSON.parse(text));
    if (error === undefined) continue;
    const issues = error.issues.map(({ path, message }) => `  ${path.join(".") || "(root)"}: ${message}`);
    throw new Error(`platformctl ${name} --json does not print what its shape says:\n${issues.join("\n")}\n${text}`);
  }
}

/** The output whose words stand in the arguments, the longest first. */
function outputName(args: readonly string[]): OutputName {
  const names = Object.keys(outputShapes) as OutputName[];
  const fitting = names.filter((name) => {
    const words = name.split(" ");
    const options = words.filter((word) => word.startsWith("-"));
    const at = args.indexOf(words[0] ?? "");
    const rest = words.filter((word) => !word.startsWith("-"));
    return (
      at !== -1 &&
      rest.every((word, index) => args[at + index] === word) &&
      options.every((option) => args.includes(option))
    );
  });
  const [longest] = fitting.sort((one, other) => other.length - one.length);
  if (longest === undefined) throw new Error(`output/shapes/shapes.ts has no shape for platformctl ${args.join(" ")}`);
  return longest;
}
