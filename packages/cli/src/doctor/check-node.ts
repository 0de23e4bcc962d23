import { platformError } from "@plinth/module";
import { type Check, failed, passed } from "./check.ts";

/**
 * Whether a version of Node.js is at least the one that is needed.
 *
 * @param needed as `engines` of a package.json writes it: `>=22.19`.
 */
export function checkNode(version: string, needed: string): Check {
  const numbers = (text: string) => text.match(/\d+/g)?.map(Number) ?? [];
  const [wanted, given] = [numbers(needed), numbers(version)];
  const difference = wanted.map((part, index) => (given[index] ?? 0) - part).find((part) => part !== 0) ?? 0;
  if (difference >= 0) return passed("node", `${version}, and ${needed} is needed`);
  return failed("node", `${version} is too old`, [platformError("COMMAND_NODE_TOO_OLD", { version, needed })]);
}
