const segment = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*";

/** The form of a code inside its module, as a regular expression: `ticket.close`. */
export const localCodePattern = `^${segment}(?:\\.${segment})*$`;

/** The most characters that a code inside its module may have. */
export const localCodeLimit = 128;

/** What the grammar of a code is, for people. */
export const localCodeGrammar =
  'lower-case words of letters and digits, joined by hyphens, in parts separated by dots, as in "ticket.close"';

/** The code as grants and checks name it: `tickets.ticket.close`. */
export function fullCode(module: string, localCode: string): string {
  return `${module}.${localCode}`;
}

/** The constant that stands for a code in generated sources: `ticket.close-all` is `TicketCloseAll`. */
export function codeIdentifier(localCode: string): string {
  return localCode
    .split(/[.-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
