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
  PERMISSION_USE_UNKNOWN: {
    message: 'the code asks for the permission "{code}", which no module declares',
    fix: "{hint}",
    why: "A code that no manifest declares is denied to everybody. It has a typo, or it was removed while it was still in use.",
  },
  PERMISSION_CONSTANT_UNKNOWN: {
    message: 'the code asks for Permission.{name}, which module "{module}" does not have',
    fix: "{hint}",
    why: "The constants are generated from the manifest. This one belonged to a permission that was removed or renamed there, or has a typo.",
  },
  PERMISSION_UNUSED: {
    message: 'the permission "{code}" is declared, but no source asks for it',
    fix: "Ask for it where it is meant to protect something, or retire it in the manifest.",
    why: "Somebody who is granted it believes to have allowed something, and what it was to protect may be open.",
  },
  PERMISSION_SOURCE: {
    message: "the file cannot be parsed: {reason}",
    fix: "Mend the file.",
    why: "Which permissions a file asks for cannot be said of one that is no TypeScript or JavaScript.",
  },
  PERMISSION_REMOVED: {
    message: 'the permission "{code}", which was there at {ref}, is gone and has no successor',
    fix: 'Declare it again with "replacedBy: <its successor>", or with "retired: <the next version>" until a later major version.',
    why: "Whoever was granted it loses the right without a word, and code that still asks for it is denied.",
  },
  PERMISSION_OLD_MANIFEST: {
    message: "the permissions of this manifest cannot be compared: {reason}",
    fix: "Compare with a commit whose manifests are in order.",
    why: "What an earlier version declared is read from its manifests, under the rules of today.",
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
  GRANT_STORE_EMPTY: {
    message: "the database {database} holds no grants",
    fix: 'Start the platform once with a module that requires the service "grants.grants".',
    why: "Roles and grants are stored in the schema grants, which the first start of such a platform creates.",
  },
});
