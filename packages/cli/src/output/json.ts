import type { Context } from "../context.ts";
import { jsonVersion } from "./json-version.ts";
import type { OutputName, OutputValue } from "./shapes/shapes.ts";

/*
 * What --json prints. A command that gets a --json does four things:
 *
 *   1. describes what it prints in output/shapes/<group>.ts, by defineOutput or defineLines, and puts that into the
 *      list in output/shapes/shapes.ts under the words of the command: "modules rename";
 *   2. prints with writeJson(context, "modules rename", { ... }), without "version", which is added: an object, never a
 *      bare array, with null for what is not known, absolute files and times in ISO 8601;
 *   3. sums the shape up in its --help behind "With --json", naming every key of the object;
 *   4. is run with --json by a test: the fixture platformctl() holds what it printed against the shape, key by key.
 *
 * npm run generate then writes docs/cli-json.md. help.test.ts fails where one of these is missing.
 */

/** Prints the result of a command as one object, indented, with the version of its shape in front. */
export function writeJson<Name extends OutputName>(
  { stdout }: Pick<Context, "stdout">,
  _: Name,
  value: OutputValue<Name>,
): void {
  stdout.write(`${JSON.stringify({ version: jsonVersion, ...value }, null, 2)}\n`);
}

/** Prints one of the objects of a command that goes on, in a line of its own. */
export function writeJsonLine<Name extends OutputName>(
  { stdout }: Pick<Context, "stdout">,
  _: Name,
  value: OutputValue<Name>,
): void {
  stdout.write(`${JSON.stringify({ version: jsonVersion, ...value })}\n`);
}
