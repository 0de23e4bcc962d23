import type { ModulePlan, PlannedDependency } from "./module-plan.ts";
import { camelCase } from "./names.ts";
import { importLines, paragraphs } from "./source-text.ts";

/** The file that other modules import: types, and references to services. */
export function contractSource({ name }: Pick<ModulePlan, "name">): string {
  return paragraphs(
    importLines([{ specifier: "@plinth/module", names: ["type ServiceRef", "service"] }]),
    `/** One entry. */
export interface Entry {
  readonly id: number;
  readonly text: string;
}`,
    `/** The entries, for other modules. */
export interface Entries {
  /** All of them, the oldest first. */
  list(): Promise<readonly Entry[]>;
  /** Adds one, and gives it its id. */
  add(text: string): Promise<Entry>;
}`,
    `/** The entries, for other modules. */
export const Entries: ServiceRef<Entries> = service<Entries>("${name}.entries");`,
  );
}

/** What does the work. */
export function storeSource({ database }: Pick<ModulePlan, "database">): string {
  const contract = { specifier: "./contract.ts", names: ["Entries", "Entry"], isType: true };
  return database
    ? paragraphs(
        importLines([{ specifier: "@plinth/database", names: ["Database"], isType: true }, contract]),
        inTables,
      )
    : paragraphs(importLines([contract]), inMemory);
}

const inTables = `/** The entries, in the database. */
export class EntryStore implements Entries {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(): Promise<readonly Entry[]> {
    const { rows } = await this.#db.query<Entry>("select id, text from entries order by id");
    return rows;
  }

  async add(text: string): Promise<Entry> {
    const { rows } = await this.#db.query<Entry>("insert into entries (text) values ($1) returning id, text", [text]);
    return rows[0] as Entry;
  }
}`;

const inMemory = `/** The entries, in the memory of this process. */
export class EntryStore implements Entries {
  readonly #entries: Entry[] = [];

  async list(): Promise<readonly Entry[]> {
    return [...this.#entries];
  }

  async add(text: string): Promise<Entry> {
    const entry = { id: this.#entries.length + 1, text };
    this.#entries.push(entry);
    return entry;
  }
}`;

/** Its routes. */
export function routesSource(): string {
  return paragraphs(
    importLines([
      { specifier: "@plinth/http", names: ["Http"], isType: true },
      { specifier: "./contract.ts", names: ["Entries"], isType: true },
      { specifier: "./module.gen.ts", names: ["Permission"] },
    ]),
    `const body = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1, maxLength: 1000 } },
};`,
    `/** Entries are read and added over HTTP. */
export function addRoutes(http: Http, entries: Entries): void {
  http.get("/", { permission: Permission.EntryRead }, async () => ({ items: await entries.list() }));

  http.post<{ Body: { readonly text: string } }>(
    "/",
    { permission: Permission.EntryAdd, schema: { body } },
    async ({ body: { text } }, reply) => {
      reply.code(201);
      return entries.add(text);
    },
  );
}`,
  );
}

/** The module itself: what it requires, provides and puts together. */
export function indexSource({ scope, database, http, dependencies }: ModulePlan): string {
  const parts = [...(database ? ["db"] : []), ...(http ? ["http"] : [])];
  const requires = [
    ...(database ? ["db: Database"] : []),
    ...(http ? ["http: Http"] : []),
    ...dependencies.map(({ service }) => `${camelCase(service.alias)}: ${service.alias}`),
  ];
  return paragraphs(
    importLines([
      { specifier: "@plinth/module", names: ["defineModule"] },
      ...(database ? [{ specifier: "@plinth/database", names: ["Database"] }] : []),
      ...(http ? [{ specifier: "@plinth/http", names: ["Http"] }] : []),
      ...dependencies.map(dependencyImport),
      { specifier: "./contract.ts", names: ["Entries"] },
      { specifier: "./entry-store.ts", names: ["EntryStore"] },
      { specifier: "./module.gen.ts", names: ["manifest"] },
      ...(http ? [{ specifier: "./routes.ts", names: ["addRoutes"] }] : []),
    ]),
    // The public entry of a module that is no package is this file.
    scope === undefined ? `export { Entries, type Entry } from "./contract.ts";` : "",
    `export default defineModule(manifest, {
${requires.length === 0 ? "" : `  requires: { ${requires.join(", ")} },\n`}  provides: { entries: Entries },
  setup(${parts.length === 0 ? "" : `{ ${parts.join(", ")} }`}) {
    const entries = new EntryStore(${database ? "db" : ""});
${http ? "    addRoutes(http, entries);\n" : ""}    return { entries };
  },
});`,
  );
}

/** The import of the service that a dependency is required by. */
export function dependencyImport({ service }: PlannedDependency): { specifier: string; names: readonly string[] } {
  const { specifier, name, alias } = service;
  return { specifier, names: [name === alias ? name : `${name} as ${alias}`] };
}
