import { describe, expect, it } from "vitest";
import { eventually, removeSlice, slice } from "../cluster.fixture.ts";
import { type Following, startFollowing } from "./following.fixture.ts";

const a = { ip: "10.1.0.1", uid: "a" };
const b = { ip: "10.1.0.2", uid: "b" };
const withA = (api: Following["api"]): void => void api.put(slice("users-1", [a]));
const isWatch = ({ verb }: { readonly verb: string }): boolean => verb === "watch";

/** No publication was empty, and none but the first came before its time. */
function expectNoGap({ published }: Following): void {
  expect(published.length).toBeGreaterThan(0);
  for (const { ids } of published) expect(ids).not.toEqual([]);
}

describe("a forgotten version", () => {
  it("inside the stream: lists again, makes up for missed removals, and shows no gap", async () => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    const restore = await f.api.interrupt();
    await eventually("it is stale", () => !f.live);
    f.api.put(slice("users-2", [b]));
    removeSlice(f.api, "users-1");
    f.api.compact();
    await restore();
    await f.pass(2_000, 400);
    await eventually("the list replaced it", () => f.ids?.[0]?.startsWith("pod-b."));
    expect(f.ids).toHaveLength(1);
    expectNoGap(f);
    expect(f.live).toBe(true);
    // The latest there is: the version that was forgotten is no bound.
    expect(f.requests("list")[1]?.query.has("resourceVersion")).toBe(false);
  });

  it("as the status of the answer: the same", async () => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    const heal = f.api.fail((request) =>
      isWatch(request) ? { type: "status", code: 410, reason: "Expired" } : undefined,
    );
    f.api.watches[0]?.reset();
    await f.pass(1_000, 400);
    heal();
    await f.pass(60_000, 5_000);
    f.api.put(slice("users-2", [b]));
    await eventually("it goes on", () => f.ids?.length === 2);
    expectNoGap(f);
  });

  it("is listed for at once the first time, and after a backoff when it comes again and again", async () => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    f.api.fail((request) =>
      isWatch(request)
        ? { type: "bytes", chunks: [`{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n`] }
        : undefined,
    );
    await f.pass(60_000, 30_000);
    const before = f.requests("list").length;
    f.api.watches[0]?.fail(410, "Expired");
    await eventually("it lists without a wait", () => f.requests("list").length > before);
    await f.pass(600_000, 2_500);
    expect(f.api.requests.length).toBeLessThan(120);
    expectNoGap(f);
  });

  it("halfway through a list: the list begins anew, in one go", async () => {
    await using f = await startFollowing({
      before(api) {
        for (let index = 0; index < 501; index += 1) {
          api.put(slice(`users-${index}`, [{ ip: `10.2.${index >> 8}.${index & 255}`, uid: `u${index}` }]));
        }
        let compacted = false;
        api.fail(({ query }) => {
          if (!query.has("continue") || compacted) return undefined;
          compacted = true;
          api.advance(api.revision + 1);
          api.compact();
          return undefined;
        });
      },
    });
    await eventually("it is read", () => f.ids?.length === 501);
    expect(f.requests("list").map(({ query }) => query.get("limit"))).toEqual(["500", "500", null]);
    expect(f.published).toHaveLength(1);
  });

  it("that is yet to come at another server: lists with no version at all", async () => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    const heal = f.api.fail(({ verb, query }) =>
      verb === "list" && query.has("resourceVersion")
        ? {
            type: "status",
            code: 504,
            reason: "Timeout",
            message: "Timeout: Too large resource version: 9, current: 2",
          }
        : undefined,
    );
    f.api.watches[0]?.fail(500, "InternalError");
    await f.pass(2_000, 400);
    heal();
    const asked = f.requests("list").map(({ query }) => query.has("resourceVersion"));
    expect(asked).toEqual([false, true, false]);
    expect(f.live).toBe(true);
  });
});

describe("a server that fails", () => {
  it.each([
    ["ERROR 500 in each watch", [`{"type":"ERROR","object":{"kind":"Status","code":500,"message":"boom"}}\n`]],
    ["each watch closed at once", []],
    ["each watch closed after a bookmark", [`{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"2"}}}\n`]],
    ["a line that is no JSON in each watch", ["{]\n"]],
  ])("with %s gets few requests in ten minutes, and what is known stays", async (what, chunks) => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    const heal = f.api.fail((request) => (isWatch(request) ? { type: "bytes", chunks } : undefined));
    const before = f.api.requests.length;
    f.api.watches[0]?.end();
    await f.pass(600_000, 2_500);
    const sent = f.api.requests.length - before;
    console.info(`${what}: ${sent} requests in ten minutes`);
    expect(sent).toBeGreaterThan(10);
    expect(sent).toBeLessThan(80);
    expectNoGap(f);
    heal();
    await f.pass(35_000);
    f.api.put(slice("users-2", [b]));
    await eventually("it follows again", () => f.ids?.length === 2);
    expect(f.live).toBe(true);
  });

  it("is not listed from when it refuses connections: the watch goes on from its version", async () => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    const version = f.requests("watch")[0]?.query.get("resourceVersion");
    const restore = await f.api.interrupt();
    await f.pass(10_000);
    expect(f.live).toBe(false);
    await restore();
    await f.pass(40_000);
    expect(f.requests("list")).toHaveLength(1);
    expect(f.requests("watch").at(-1)?.query.get("resourceVersion")).toBe(version);
    expect(f.live).toBe(true);
  });

  it("is not listed from when it says 429, and gets the time it asks for", async () => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    const heal = f.api.fail((request) =>
      isWatch(request) ? { type: "status", code: 429, headers: { "retry-after": "20" } } : undefined,
    );
    const before = f.requests("watch").length;
    await f.pass(60_000, 30_000);
    f.api.watches[0]?.end();
    await f.pass(19_000);
    expect(f.requests("watch").length - before).toBe(1);
    expect(f.told.at(-1)).toMatchObject({ type: "fault", error: { code: "DISCOVERY_THROTTLED" } });
    heal();
    await f.pass(5_000);
    expect(f.live).toBe(true);
    expect(f.requests("list")).toHaveLength(1);
  });

  it("that never answers a list is given up after a while and asked again", async () => {
    let silent = true;
    await using f = await startFollowing({
      requestTimeoutMs: 5_000,
      before(api) {
        withA(api);
        api.fail(({ verb }) => (verb === "list" && silent ? { type: "silence" } : undefined));
      },
    });
    await eventually("the list was asked for", () => f.requests("list").length === 1);
    await f.pass(5_500, 500);
    expect(f.told.at(-1)).toMatchObject({ type: "fault", error: { code: "DISCOVERY_TIMEOUT" } });
    silent = false;
    await f.pass(2_000, 500);
    await eventually("it is read", () => f.ids?.length === 1);
  });

  it("that lists nonsense is asked again, and nothing is published", async () => {
    let answer: string | undefined = "<html>gateway</html>";
    await using f = await startFollowing({
      before(api) {
        withA(api);
        api.fail(({ verb }) =>
          verb === "list" && answer !== undefined ? { type: "bytes", chunks: [answer] } : undefined,
        );
      },
    });
    await eventually("a fault is told", () => f.told.length > 0);
    answer = `{"items":[]}`;
    await f.pass(2_000, 500);
    expect(f.published).toEqual([]);
    answer = undefined;
    await f.pass(4_000, 500);
    await eventually("it is read", () => f.ids?.length === 1);
  });
});

describe("a connection that is dead without a word", () => {
  it("is found by the deadline; then it lists again, and what was missed shows", async () => {
    await using f = await startFollowing({ before: withA });
    await f.watching();
    f.api.watches[0]?.freeze();
    f.api.put(slice("users-2", [b]));
    await f.pass(470_000, 30_000);
    expect(f.ids).toHaveLength(1);
    expect(f.api.requests).toHaveLength(2);
    await f.pass(20_000, 10_000);
    await eventually("the other shows", () => f.ids?.length === 2);
    expect(f.told.some((one) => one.type === "fault" && /stands still/.test(one.error.message))).toBe(true);
    expect(f.live).toBe(true);
    expectNoGap(f);
  });
});

describe("a refusal", () => {
  const denial = (api: Following["api"], verbs: readonly string[]) =>
    api.fail(({ verb, namespace }) =>
      verbs.includes(verb)
        ? {
            type: "status",
            code: 403,
            reason: "Forbidden",
            message: `endpointslices.discovery.k8s.io is forbidden: User "system:serviceaccount:default:helpdesk" cannot ${verb} resource "endpointslices" in API group "discovery.k8s.io" in the namespace "${namespace}"`,
          }
        : undefined,
    );

  it("of the watch after a good list keeps what is known, prints the Role to apply, and is asked for slowly", async () => {
    let heal = (): void => {};
    await using f = await startFollowing({
      before(api) {
        withA(api);
        heal = denial(api, ["watch"]);
      },
    });
    await eventually("it is denied", () => f.told.at(-1)?.type === "fault");
    expect(f.ids).toHaveLength(1);
    const { error } = f.told.at(-1) as { readonly error: { readonly code: string; readonly fix: string } };
    expect(error.code).toBe("DISCOVERY_DENIED");
    expect(f.logged.join("\n")).toContain(error.fix);
    expect(error.fix).toBe(
      [
        "Grant what is missing: this Role, with kubectl apply -f -",
        "apiVersion: rbac.authorization.k8s.io/v1",
        "kind: Role",
        "metadata: { name: plinth-discovery, namespace: default }",
        "rules:",
        "  - { apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch] }",
        "---",
        "apiVersion: rbac.authorization.k8s.io/v1",
        "kind: RoleBinding",
        "metadata: { name: plinth-discovery, namespace: default }",
        "roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: plinth-discovery }",
        "subjects: [{ kind: ServiceAccount, name: helpdesk, namespace: default }]",
      ].join("\n"),
    );
    await f.pass(120_000, 5_000);
    expect(f.requests("watch").length).toBeLessThan(7);
    expect(f.requests("list")).toHaveLength(1);
    expect(f.logged).toHaveLength(1);
    heal();
    await f.pass(45_000, 5_000);
    expect(f.live).toBe(true);
    f.api.put(slice("users-2", [b]));
    await eventually("it follows again", () => f.ids?.length === 2);
  });

  it("of the list is a denial before anything is known", async () => {
    await using f = await startFollowing({ before: (api) => void denial(api, ["list"]) });
    await eventually("it is denied", () => f.told.at(-1)?.type === "fault");
    expect(f.published).toEqual([]);
    expect(f.told).toHaveLength(1);
  });
});

describe("a stream that comes in pieces", () => {
  const grown = (line: string) => `${line}\n`;
  const event = (type: string, name: string, pod: string, version: number) => {
    const { metadata, ...rest } = slice(name, [{ ip: "10.1.0.7", uid: "g", pod }]);
    return JSON.stringify({ type, object: { ...rest, metadata: { ...metadata, resourceVersion: String(version) } } });
  };

  it("is put together again, inside lines and inside characters", async () => {
    await using f = await startFollowing();
    await f.watching();
    const bytes = Buffer.from(
      grown(event("ADDED", "users-1", "grüße-日本-🚀", 90)) + grown(event("ADDED", "users-2", "x", 91)),
    );
    for (const byte of bytes) {
      f.api.watches[0]?.sendRaw(Uint8Array.of(byte));
      if (byte > 127) await new Promise((done) => setTimeout(done, 1));
    }
    await eventually("it is read", () => f.ids?.length === 1);
    expect(f.published.at(-1)?.instances[0]?.metadata).toEqual({ pod: "grüße-日本-🚀" });
    expect(f.requests("watch")).toHaveLength(1);
  });

  it.each([
    ["longer than allowed", `{"type":"ADDED","object":{"metadata":{"name":"${"x".repeat(70_000)}`],
    ["no JSON", "{]\n"],
    ["no event", `"hello"\n`],
    ["without a version", `{"type":"ADDED","object":{"metadata":{"name":"x"}}}\n`],
    ["no UTF-8", Uint8Array.of(0x7b, 0xff, 0xfe, 0x0a)],
  ])("with a line that is %s is given up and listed again, and the events before it count", async (_what, line) => {
    await using f = await startFollowing({ before: withA, maxLineBytes: 65_536 });
    await f.watching();
    const [watch] = f.api.watches;
    watch?.sendRaw(grown(event("ADDED", "users-2", "x", 90)));
    await eventually("the event before it counts", () => f.ids?.length === 2);
    watch?.sendRaw(line);
    await eventually("it is stale", () => !f.live);
    expect(f.ids).toHaveLength(2);
    // The simulator never had the second slice, and its version is lower than the one of the event.
    f.api.advance(100);
    await f.pass(2_000, 500);
    await eventually("the list replaced it", () => f.ids?.length === 1);
    expect(f.requests("list")[1]?.query.get("resourceVersion")).toBe("90");
    expectNoGap(f);
  });

  it("with an event of a type that is not known here goes on", async () => {
    await using f = await startFollowing();
    await f.watching();
    f.api.watches[0]?.sendRaw(`{"type":"SOMETHING","object":{"metadata":{}}}\n`);
    f.api.watches[0]?.sendRaw(grown(event("ADDED", "users-1", "x", 90)));
    await eventually("the next event counts", () => f.ids?.length === 1);
  });
});
