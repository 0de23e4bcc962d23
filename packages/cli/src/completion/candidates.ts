import type { Command } from "commander";
import type { Context } from "../context.ts";
import { optionsOf, type Position, positionAt } from "./position.ts";

/** Something that the word at the cursor can become. */
export interface Candidate {
  readonly text: string;
  readonly description: string;
}

/** What the last of some words can become: commands, options, and values such as the names of modules. */
export async function candidates(
  program: Command,
  words: readonly string[],
  context: Context,
): Promise<readonly Candidate[]> {
  const position = positionAt(program, words);
  const found = await candidatesAt(position, context);
  return found
    .filter(({ text }) => text.startsWith(position.word))
    .map(({ text, description }) => ({
      text: position.before + text,
      description: description.replaceAll(/\s+/g, " "),
    }));
}

async function candidatesAt(position: Position, context: Context): Promise<readonly Candidate[]> {
  const { command, option, argument, word, isOperand } = position;
  if (option !== undefined) {
    return choices(option.argChoices) ?? valuesOf(option.attributeName(), position, context);
  }
  if (word.startsWith("-") && !isOperand) return optionCandidates(position);
  if (argument !== undefined) return choices(argument.argChoices) ?? valuesOf(argument.name(), position, context);
  const help = command.createHelp();
  return help.visibleCommands(command).map((each) => ({ text: each.name(), description: each.description() }));
}

function optionCandidates({ command, given }: Position): Candidate[] {
  return optionsOf(command).flatMap((option) => {
    // An option that parses what it is given may well be given several times.
    const isDone =
      given.has(option.attributeName()) && (option.parseArg === undefined || option.argChoices !== undefined);
    const { long } = option;
    return isDone || long === undefined || long === null ? [] : [{ text: long, description: option.description }];
  });
}

function choices(values: readonly string[] | undefined): readonly Candidate[] | undefined {
  return values?.map((text) => ({ text, description: "" }));
}

/** Names of arguments and options whose values are names of modules. */
const moduleNames = new Set(["module", "modules", "focus"]);
/** The same, of commands in the group `modules`. */
const moduleNamesInGroup = new Set(["name", "names", "from", "to"]);

async function valuesOf(name: string, position: Position, context: Context): Promise<readonly Candidate[]> {
  const inGroup = position.command.parent?.name() === "modules" && position.command.name() !== "new";
  if (moduleNames.has(name) || (inGroup && moduleNamesInGroup.has(name))) {
    const { modules } = await inspectedAt(position, context);
    return modules.map(({ manifest }) => ({ text: manifest.name, description: manifest.description ?? "" }));
  }
  if (name === "plugin") {
    const [{ readLock }, { root }] = await Promise.all([import("@plinth/plugins"), inspectedAt(position, context)]);
    return readLock(root).plugins.map((plugin) => ({ text: plugin.name, description: plugin.version }));
  }
  if (name === "setting") {
    const { listSettings } = await import("@plinth/platform");
    const { settings } = await inspectedAt(position, context);
    return settings === undefined
      ? []
      : listSettings(settings).map(({ setting, value }) => ({
          text: setting,
          description: JSON.stringify(value) ?? "",
        }));
  }
  if (name === "code" && position.command.name() === "errors") {
    const { errorTable } = await import("@plinth/module");
    return Object.entries(errorTable).map(([text, { message }]) => ({ text, description: message }));
  }
  return [];
}

async function inspectedAt({ given }: Position, context: Context) {
  const { inspected } = await import("../inspected.ts");
  const root = given.get("root");
  return inspected(context, root === undefined ? {} : { root });
}
