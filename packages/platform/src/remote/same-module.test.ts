import { createHash } from "node:crypto";
import path from "node:path";
import { HttpDirectory } from "@plinth/http";
import { createRecordingLog, type RecordingLog } from "@plinth/testing";
import { newDatabaseFolder } from "@plinth/testing/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPlatform, type RunnablePlatform } from "../create-platform.ts";
import { type TestFolder, testFolder } from "../folder.fixture.ts";
import { sameModuleFiles } from "./same-module.fixture.ts";

const ways = [
  { where: "the platform's process", isolated: [] },
  { where: "processes of their own", isolated: ["identity", "desk"] },
] as const;

const csv = Buffer.alloc(3_000_000, "a,b,c\n");
const json = { "content-type": "application/json" };
const as = (id: string) => ({ authorization: `Bearer ${id}` });
const title = (text: string, more: object = {}) => JSON.stringify({ title: text, ...more });

/** What is asked, in this order, and the status that comes back. */
const requests: readonly (readonly [status: number, path: string, init?: RequestInit])[] = [
  [401, "/desk"],
  [200, "/desk", { headers: as("bob") }],
  [403, "/desk", { headers: as("eve") }],
  [401, "/desk", { headers: as("expired") }],
  [500, "/desk", { headers: as("broken") }],
  [200, "/desk", { method: "HEAD", headers: as("ann") }],
  [200, "/desk/1", { headers: as("eve") }],
  [404, "/desk/99", { headers: as("eve") }],
  [
    201,
    "/desk",
    {
      method: "POST",
      headers: { ...json, ...as("ann") },
      body: title("one", { details: { a: [1] }, tags: ["x", "y z"] }),
    },
  ],
  [403, "/desk", { method: "POST", headers: { ...json, ...as("bob") }, body: title("two") }],
  [400, "/desk", { method: "POST", headers: { ...json, ...as("ann") }, body: title("much too long a title") }],
  [400, "/desk", { method: "POST", headers: { ...json, ...as("ann") }, body: title("x", { titel: "y" }) }],
  [400, "/desk", { method: "POST", headers: { ...json, ...as("ann") }, body: "{" }],
  [413, "/desk", { method: "POST", headers: { ...json, ...as("ann") }, body: title("x".repeat(3000)) }],
  [415, "/desk", { method: "POST", headers: { "content-type": "text/xml", ...as("ann") }, body: "<a/>" }],
  [409, "/desk", { method: "POST", headers: { ...json, ...as("ann") }, body: title("undo") }],
  [200, "/desk", { headers: as("ann") }],
  [200, "/desk/values"],
  [200, "/desk/duplicate"],
  [401, "/desk/undecided"],
  [200, "/desk/unknown"],
  [200, "/desk/catalogue"],
  [200, "/desk/registry"],
  [200, "/desk/called"],
  [500, "/desk/unannounced"],
  [500, "/desk/crash"],
  [500, "/desk/platform-error"],
  [200, "/desk/health"],
  [404, "/desk/no/where"],
  [404, "/desk/csv", { method: "PUT" }],
  [200, "/desk/stream"],
  [200, "/desk/csv", { method: "POST", headers: { "content-type": "text/csv" }, body: csv }],
  [204, "/desk/csv", { method: "OPTIONS" }],
];

/** An answer without what differs from one run to the next. */
async function answerOf(url: string, [, path, init]: (typeof requests)[number]) {
  const response = await fetch(url + path, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.length > 100_000 ? createHash("sha256").update(bytes).digest("hex") : bytes.toString();
  const headers = Object.fromEntries(response.headers);
  for (const name of ["date", "keep-alive", "connection", "transfer-encoding"]) delete headers[name];
  const asked = `${init?.method ?? "GET"} ${path}`;
  return { asked, status: response.status, headers, text: text.replace(/"requestId":"[^"]+"/, '"requestId":"..."') };
}

const seen: Record<string, unknown[]> = {};

describe.each(ways)("a module in $where", ({ where, isolated }) => {
  let folder: TestFolder;
  let platform: RunnablePlatform;
  let log: RecordingLog;
  let url: string;

  beforeAll(async () => {
    folder = testFolder({
      ...sameModuleFiles,
      "platform.yaml": `name: same\nisolation: { process: [${isolated.join(", ")}] }\n`,
    });
    log = createRecordingLog();
    const dataDir = path.join(folder.root, "database");
    await newDatabaseFolder(dataDir);
    const settings = { http: { port: 0, drainDelay: "0s" }, database: { dataDir } };
    platform = await createPlatform({ root: folder.root, settings, log });
    await platform.start();
    url = platform.service(HttpDirectory)?.address()?.url ?? "";
  });
  afterAll(async () => {
    await platform.stop();
    folder[Symbol.dispose]();
  });

  test("has a process of its own only there", () => {
    const pids = platform.status().modules.flatMap(({ name, pid }) => (pid === undefined ? [] : [name]));
    expect(pids.sort()).toEqual([...isolated].sort());
  });

  test("answers as it should", async () => {
    const answers = [];
    for (const request of requests) answers.push(await answerOf(url, request));
    expect(answers.map(({ asked, status }) => `${status} ${asked}`)).toEqual(
      requests.map(([status, path, init]) => `${status} ${init?.method ?? "GET"} ${path}`),
    );
    seen[where] = answers;
  });

  test("sees what is around it, and follows it", async () => {
    const around = async () => (await fetch(`${url}/desk/around`)).json();
    await expect.poll(around).toEqual({
      version: platform.status().modules.find(({ name }) => name === "platform")?.version,
      events: "running",
      heard: ["gap", "one"],
      prefix: "/desk",
      same: true,
      where: ["/desk", null],
      states: [
        ["identity", "running"],
        ["desk", "running"],
      ],
    });
    const figures = await (await fetch(`${url}/metrics`)).text();
    expect(figures).toContain('desk_asked_total{what="one"} 2');
    expect(figures).toMatch(/http_request_duration_seconds_count\{[^}]*module="desk",route="\/desk\/:id"[^}]*\} /);
  });

  test("uses the database until its end, and leaves nothing open", async () => {
    const { errors } = await platform.stop();
    expect(errors).toEqual([]);
    expect(log.lines.filter(({ message }) => message === "counted at the end")).toMatchObject([
      { fields: { module: "desk", tickets: 2 } },
    ]);
    const warnings = log.lines.filter(({ level }) => level === "warn" || level === "error");
    expect(warnings.map(({ message }) => message).sort()).toEqual([
      'a request failed: module "desk" gives an endpoint "http" of the service "nothing", which its manifest does not announce',
      'a request failed: module "x" used the database while it was not open',
      "a request failed: secret",
      "a request failed: the store of tokens is away",
      'the permission "desk.no-such" was asked for, but no module declares it: denied',
    ]);
  });
});

test("a module behaves the same in both", () => {
  const [first, second] = ways.map(({ where }) => seen[where]);
  expect(first?.length).toBe(requests.length);
  expect(second).toEqual(first);
});
