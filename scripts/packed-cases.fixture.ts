/** How a command is called to print its JSON. */
export interface Case {
  /** Without `--json`. `way` differs from call to call, for names that may be given once. */
  args(way: string): readonly string[];
  /** Default 0. */
  readonly code?: number;
  /** Whether it goes on until Ctrl-C; it is ended when it has printed this. */
  readonly until?: RegExp;
  /** What has to be there for it. */
  readonly needs?: "running platform" | "consul";
}

const plain = (...args: string[]): Case => ({ args: () => args });

/**
 * A case for each output of each command, by its name, in the order in which they are run: on one platform, without a
 * running one first.
 */
export const cases: Readonly<Record<string, Case>> = {
  "modules list": plain("modules", "list"),
  "modules show": plain("modules", "show", "tickets"),
  "modules graph": plain("modules", "graph"),
  "modules why": plain("modules", "why", "tickets", "identity"),
  "modules validate": plain("modules", "validate", "--no-database"),
  "modules test": plain("modules", "test", "identity"),
  "permissions list": plain("permissions", "list"),
  "permissions check": plain("permissions", "check"),
  "permissions diff": plain("permissions", "diff", "HEAD"),
  config: plain("config"),
  errors: plain("errors", "GRAPH_CYCLE"),
  doctor: plain("doctor", "--set", "http.port=0"),
  generate: plain("generate"),
  "generate --watch": {
    args: (way) => ["generate", "--watch", `../watched-${way}`],
    until: /"written"/,
  },
  "migrations status": plain("migrations", "status"),
  "migrations plan": plain("migrations", "plan"),
  "migrations apply": plain("migrations", "apply"),
  "migrations verify": plain("migrations", "verify"),
  "permissions matrix": plain("permissions", "matrix"),
  "migrations new": { args: (way) => ["-C", "../other", "migrations", "new", "notes", `column ${way}`] },
  init: { args: (way) => ["init", `../new-${way}`] },
  "modules new": { args: (way) => ["modules", "new", `${way}-one`] },
  "modules rename": { args: (way) => ["modules", "rename", `${way}-one`, `${way}-two`, "--force"] },
  "modules remove": { args: (way) => ["modules", "remove", `${way}-two`, "--yes"] },
  "plugins keygen": { args: (way) => ["plugins", "keygen", `../${way}.pem`] },
  "plugins pack": { args: (way) => ["plugins", "pack", `../sla-${way}`, "--out", `../${way}.tgz`] },
  "plugins sign": { args: (way) => ["plugins", "sign", `../${way}.tgz`, "--key", `../${way}.pem`] },
  "plugins add": { args: (way) => ["plugins", "add", `../${way}.tgz`, "--yes", "--force"] },
  "plugins list": plain("plugins", "list"),
  "plugins show": { args: (way) => ["plugins", "show", `sla-${way}`] },
  "plugins verify": plain("plugins", "verify"),
  "plugins restore": plain("plugins", "restore"),
  "plugins remove": { args: (way) => ["plugins", "remove", `sla-${way}`] },
  "services list": { args: () => ["services", "list"], needs: "consul" },
  "services show": { args: () => ["services", "show", "desk"], needs: "consul" },
  "services resolve": { args: () => ["services", "resolve", "desk"], needs: "consul" },
  "services watch": { args: () => ["services", "watch", "desk"], until: /\n/, needs: "consul" },
  dev: { args: () => ["dev"], until: /\n/ },
  "modules list --live": { args: () => ["modules", "list", "--live"], needs: "running platform" },
  status: { args: () => ["status"], needs: "running platform" },
  "status --watch": { args: () => ["status", "--watch"], until: /\n/, needs: "running platform" },
  "modules restart": { args: () => ["modules", "restart", "identity"], needs: "running platform" },
};

/** Commands that print no JSON. `start` prints its log. */
export const withoutJson: readonly string[] = ["start", "completion"];

const manifest = (name: string, rest = "") => `name: ${name}\nversion: 1.0.0\n${rest}`;
const code = (name: string) =>
  `import { defineModule } from "@plinth/module";\nexport default defineModule({ name: "${name}", version: "1.0.0" }, { setup() { return {}; } });\n`;

/** The platform that commands are called in, another one, plugins, and folders whose sources are to be generated. */
export const files: Readonly<Record<string, string>> = {
  "desk/platform.yaml":
    "name: desk\nmodules: [modules/*]\nhttp: { port: 0, drainDelay: 0s }\ntickets: { pageSize: 5 }\n",
  "desk/modules/identity/module.yaml": manifest("identity", "main: index.js\n"),
  "desk/modules/identity/index.js": code("identity"),
  "desk/modules/tickets/module.yaml": manifest(
    "tickets",
    `main: index.js
dependencies: { identity: ^1.0.0 }
permissions: { ticket.read: See tickets }
migrations: ./migrations
config: { properties: { pageSize: { type: integer, default: 20 } } }
`,
  ),
  "desk/modules/tickets/index.js": `import "../identity/index.js";
import { Database } from "@plinth/database";
import { Grants } from "@plinth/grants";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
export default defineModule({ name: "tickets", version: "1.0.0" }, {
  requires: { db: Database, grants: Grants, http: Http },
  setup({ http }) { http.get("/", { permission: "tickets.ticket.read" }, () => []); },
});
`,
  "desk/modules/tickets/migrations/0001_create_tickets.sql": "create table tickets (id int);\n",
  "other/platform.yaml": "modules: [modules/*]\n",
  "other/modules/notes/module.yaml": manifest("notes", "migrations: ./migrations\n"),
  "sla-pipe/module.yaml": manifest("sla-pipe", "main: index.js\n"),
  "sla-pipe/index.js": "export default {};\n",
  "sla-terminal/module.yaml": manifest("sla-terminal", "main: index.js\n"),
  "sla-terminal/index.js": "export default {};\n",
  "watched-pipe/module.yaml": manifest("watched"),
  "watched-terminal/module.yaml": manifest("watched"),
};
