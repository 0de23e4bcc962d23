/** A platform of three modules that use all that the host offers, as files of a folder. */
export const sameModuleFiles: Readonly<Record<string, string>> = {
  "modules/identity/module.yaml": `
name: identity
version: 1.0.0
`,
  "modules/identity/src/index.ts": `
import { Http, HttpProblem } from "@plinth/http";
import { defineModule, service } from "@plinth/module";
import { Permissions } from "@plinth/permissions";

const allowed = { ann: ["desk.ticket.read", "desk.ticket.edit"], bob: ["desk.ticket.read"] };

export default defineModule({
  requires: { http: Http, permissions: Permissions },
  provides: { people: service("identity.people") },
  setup({ http, permissions }) {
    http.authenticate(
      async ({ headers }) => {
        const id = headers.authorization?.replace("Bearer ", "");
        if (id === "expired") throw new HttpProblem(401, "The token has expired.", { headers: { "x-why": "age" } });
        if (id === "broken") throw new Error("the store of tokens is away");
        return id === undefined ? undefined : { id, name: id.toUpperCase(), claims: { since: new Date(0) } };
      },
      { challenge: 'Bearer realm="same"' },
    );
    permissions.useAuthorizer({ can: ({ id }, code) => (allowed[id] ?? []).includes(code) });
    return { people: { nameOf: async (id) => id.toUpperCase() } };
  },
});
`,
  "modules/desk/module.yaml": `
name: desk
version: 1.2.0
dependencies: { identity: ^1.0.0 }
services:
  - { name: desk }
  - { name: feed, protocol: tcp }
migrations: ./migrations
permissions:
  ticket.read: See tickets
  ticket.write: { description: Write tickets, replacedBy: ticket.edit }
  ticket.edit: Edit tickets
`,
  "modules/desk/migrations/0001_create.sql": `
create table desk.tickets (
  id int generated always as identity primary key,
  title text not null unique,
  details jsonb,
  opened timestamptz not null,
  picture bytea,
  weight bigint,
  tags text[]
);
`,
  "modules/desk/src/index.ts": `
import { createHash } from "node:crypto";
import { Database } from "@plinth/database";
import { Announce, Discovery, ServiceDispatcher } from "@plinth/discovery";
import { Http, HttpDirectory, HttpProblem, Metrics } from "@plinth/http";
import { defineModule, Platform, PlatformError, platformError, service } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { Counter } from "prom-client";
import { request } from "undici";

const open = { public: true };
const body = {
  type: "object",
  required: ["title"],
  additionalProperties: false,
  properties: { title: { type: "string", maxLength: 20 }, details: {}, tags: { type: "array" } },
};

export default defineModule({
  requires: {
    http: Http, db: Database, permissions: Permissions, platform: Platform, directory: HttpDirectory, metrics: Metrics,
    people: service("identity.people"), announce: Announce, discovery: Discovery, dispatcher: ServiceDispatcher,
  },
  setup({ http, db, permissions, platform, directory, metrics, people, announce, discovery, dispatcher, lifecycle, log }) {
    announce.endpoint("feed", { port: 7070 });
    const asked = new Counter({ name: "desk_asked_total", help: "Asked.", labelNames: ["what"], registers: [metrics.registry] });
    const heard = [];
    const events = [];
    lifecycle.onStart(async () => {
      db.listen("desk_news", (payload) => heard.push(payload ?? "gap"));
      platform.onEvent((event) => events.push(event.type === "platform.state" ? event.to : event.type));
      await db.query("insert into tickets (title, opened) values ('first', $1) on conflict do nothing", [new Date(0)]);
    });
    lifecycle.onStop(async () => {
      const { rows } = await db.query("select count(*) as count from tickets");
      log.info({ tickets: rows[0].count }, "counted at the end");
    });

    http.get("/", { permission: "desk.ticket.read" }, async () =>
      (await db.kysely().selectFrom("tickets").select(["id", "title", "details", "opened", "tags"]).orderBy("id").execute()));
    http.get("/:id", { authenticated: true }, async ({ params, principal }) => {
      asked.inc({ what: "one" });
      const { rows } = await db.query("select title from tickets where id = $1", [Number(params.id)]);
      if (rows.length === 0) throw new HttpProblem(404, "There is no ticket " + params.id + ".", { members: { ticket: params.id } });
      return { ...rows[0], for: principal, age: principal.claims.since.getTime(), name: await people.nameOf(principal.id) };
    });
    http.post("/", { permission: "desk.ticket.read", schema: { body }, bodyLimit: 2000 }, async (request, reply) => {
      await permissions.require(request.principal, "desk.ticket.write");
      const { title, details = null, tags = [] } = request.body;
      const id = await db.transaction(async ({ query, kysely }) => {
        const { rows } = await query(
          "insert into tickets (title, details, opened, picture, weight, tags) values ($1, $2, $3, $4, $5, $6) returning id",
          [title, details, new Date(86400000), Buffer.from(title), 9007199254740993n, tags],
        );
        if (title === "undo") throw new HttpProblem(409, "Not this one.");
        await kysely().updateTable("tickets").set({ title: title + "!" }).where("id", "=", rows[0].id).execute();
        await query("select pg_notify('desk_news', $1)", [title]);
        return rows[0].id;
      }, { isolation: "serializable" });
      reply.code(201).header("location", http.prefix + "/" + id);
      return { id };
    });
    http.get("/values", open, async () => {
      const { rows } = await db.query("select * from tickets where weight is not null order by id limit 1");
      const [row] = rows;
      return {
        weight: String(row.weight), kind: typeof row.weight, isDate: row.opened instanceof Date,
        picture: Buffer.from(row.picture).toString(), tags: row.tags, details: row.details,
      };
    });
    http.get("/duplicate", open, async () => {
      try {
        await db.query("insert into tickets (title, opened) values ('first', now())");
      } catch ({ code, detail, constraint, message }) {
        return { code, detail, constraint, message };
      }
    });
    http.get("/undecided", open, () => permissions.require(undefined, "desk.ticket.read"));
    http.get("/unknown", open, async () => ({ may: await permissions.can({ id: "ann" }, "desk.no-such") }));
    http.get("/catalogue", open, () => [permissions.list().map(({ code, current }) => [code, current]), permissions.get("desk.ticket.read")]);
    http.get("/hang", open, (_request, reply) => {
      void db.transaction(async ({ query }) => {
        await query("insert into tickets (title, opened) values ('lost', now())");
        reply.hijack().raw.writeHead(200).write("begun");
        await new Promise(() => {});
      });
      return reply;
    });
    http.get("/block", open, () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
      return "blocked";
    });
    http.get("/wait", open, () => new Promise(() => {}));
    http.get("/slow", open, async () => {
      asked.inc({ what: "slow" });
      await new Promise((resolve) => lifecycle.signal.addEventListener("abort", resolve));
      return (await db.query("select 'written' as word")).rows[0].word;
    });
    http.get("/registry", open, async () => {
      const { instances, status } = await discovery.resolve({ service: "feed" });
      const wrong = await discovery.resolve({ service: "No Name" }).catch(({ code, message }) => ({ code, message }));
      return {
        services: await discovery.services(), health: discovery.health(), status, wrong,
        feed: instances.map(({ version, state, endpoints }) => ({ version, state, endpoints })),
      };
    });
    http.get("/called", open, async () => {
      const answer = await request("http://desk.service/desk/unknown", { dispatcher });
      return [answer.statusCode, await answer.body.json()];
    });
    http.get("/unannounced", open, () => announce.endpoint("nothing", { port: 1 }));
    http.get("/crash", open, async () => { throw new Error("secret"); });
    http.get("/platform-error", open, async () => { throw platformError("DATABASE_NOT_OPEN", { module: "x" }); });
    http.get("/around", open, () => ({
      version: platform.version, events: events.at(-1), heard, prefix: http.prefix,
      same: http.address()?.url === directory.address()?.url, where: [directory.prefixOf("desk"), directory.prefixOf("identity")],
      states: platform.status().modules.filter(({ source }) => source !== "platform").map(({ name, state }) => [name, state]),
    }));
    http.get("/health", open, async () => (await platform.health()).filter(({ module }) => module === "desk").map(({ status }) => status));
    http.get("/stream", open, (_request, reply) => {
      reply.type("text/plain");
      return reply.send(new ReadableStream({
        async start(controller) {
          for (let piece = 0; piece < 50; piece++) {
            controller.enqueue(Buffer.alloc(65_536, "plinth "));
            await new Promise((resolve) => setImmediate(resolve));
          }
          controller.close();
        },
      }));
    });
    http.fastify.register(async (plugin) => {
      plugin.addContentTypeParser("text/csv", { parseAs: "buffer" }, (_request, content, done) => done(null, content));
      plugin.post("/csv", { config: { access: open }, bodyLimit: 10_000_000 }, ({ body }) => ({
        bytes: body.length, hash: createHash("sha256").update(body).digest("hex"),
      }));
      plugin.options("/csv", { config: { access: open } }, (_request, reply) => reply.code(204).send());
    }, { prefix: http.prefix });
  },
});
`,
};
