import { defineErrors } from "./define.ts";

/** Permission codes. */
export const permissionsErrors = defineErrors({
  PERMISSION_DUPLICATE: {
    message: 'the permission "{code}" is declared twice, by module "{first}" and by module "{second}"',
    fix: "Remove or rename one of the two declarations.",
    why: "A grant names a code and nothing else. With two declarations nobody could say which of them it allows.",
  },
  PERMISSION_TWICE: {
    message: 'the permission "{code}" of module "{module}" is declared twice in its manifest',
    fix: "Keep one of the two declarations.",
    why: "A code may be written in one piece or nested in groups. Written both ways it is still one code, and only one declaration could count.",
  },
  PERMISSION_COLLISION: {
    message: 'the permissions "{first}" and "{second}" of module "{module}" both become the identifier {identifier}',
    fix: "Rename one of them, so that they differ in more than dots and hyphens.",
    why: "Each code becomes a constant in the generated source. Two codes with one constant would make one of them unreachable, and people mix them up too.",
  },
  PERMISSION_SUCCESSOR_UNKNOWN: {
    message: 'the permission "{code}" is replaced by "{successor}", which no module declares',
    fix: "{hint}",
    why: "Stored grants follow replacedBy. A successor that does not exist would take the right away from everybody who has it.",
  },
  PERMISSION_SUCCESSOR_CYCLE: {
    message: "these permissions replace each other in a circle: {codes}",
    fix: "Remove replacedBy from the code that is in use.",
    why: "Stored grants follow replacedBy until they meet a code that is not replaced. In a circle there is none.",
  },
  PERMISSION_UNKNOWN: {
    message: 'the permission "{code}" was asked for, but no module declares it: denied',
    fix: "{hint}",
    why: "A code that no manifest declares can be granted to nobody. Most often it has a typo, or the module that declares it is not installed.",
  },
  PERMISSION_EXPIRED: {
    message: 'the permission "{code}" was retired in {retired} of module "{module}" and works no more: denied',
    fix: "{hint}",
    why: "A retired code works to the end of the major version that retired it, so that everybody has time to follow. From the next major version on it is refused.",
  },
  PERMISSION_MISSING: {
    message: 'the permission "{code}" is missing',
    fix: "Grant it to a role that the caller has.",
    why: "Everything is denied that nobody has allowed. The code is the one that is in use now, which is what a grant should name.",
  },
  PERMISSION_NOT_SIGNED_IN: {
    message: 'the permission "{code}" needs somebody who has signed in',
    fix: "Sign in first, or make the route public.",
    why: "Nobody in particular has no permissions.",
  },
  PERMISSION_UNDECIDED: {
    message: 'the permission "{code}" cannot be decided: module "{module}", which decides, is not running',
    fix: 'Ask again when "{module}" runs, or declare a dependency on it.',
    why: "The module that installed the authorizer is starting or stopping. Its grants cannot be asked for, and a refusal would be wrong for those who have the permission.",
  },
  PERMISSION_AUTHORIZER_TWICE: {
    message: 'module "{second}" installs an authorizer, but module "{first}" has installed one already',
    fix: "Call useAuthorizer in one module only.",
    why: "Two modules that decide who may do what would contradict each other, and the order of the start would say which of them counts.",
  },
  GRANT_ROLE_NAME: {
    message: '"{role}" is not a name for a role',
    fix: "Write lower-case words of letters and digits, joined by hyphens, with at most 63 characters.",
    why: "Roles are named in URLs, in settings and in SQL.",
  },
  GRANT_ROLE_UNKNOWN: {
    message: 'there is no role "{role}"',
    fix: "{hint}",
    why: "A grant belongs to a role, and only roles that exist can be given to somebody.",
  },
  GRANT_ROLE_IN_USE: {
    message: 'the role "{role}" cannot be removed: {count} have it',
    fix: "Take it from everybody first.",
    why: "Removing it would also take away what it denies, which could give rights to those who have it.",
  },
  GRANT_PATTERN: {
    message: '"{pattern}" is neither a permission code nor a pattern',
    fix: 'Write a full code, as in tickets.ticket.close; a * stands for one whole segment, and as the last one for all that follow, as in "tickets.*".',
    why: "A * inside a word would fit codes that nobody thought of.",
  },
  GRANT_PATTERN_UNKNOWN: {
    message: 'no permission fits "{pattern}"',
    fix: "{hint}",
    why: "A grant that fits nothing is most often a typo, and would allow something unforeseen when such a code is declared one day.",
  },
});
