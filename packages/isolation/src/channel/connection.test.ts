import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { serialize } from "node:v8";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../eventually.fixture.ts";
import { Connection } from "./connection.ts";
import type { ConnectionFault } from "./connection-options.ts";
import { FrameWriter } from "./frame.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Two ends of one stream. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const one = connect(port, "127.0.0.1");
  const [other] = (await once(server, "connection")) as [Socket];
  server.close();
  open.push(
    () => one.destroy(),
    () => other.destroy(),
  );
  return [one, other];
}

interface End {
  readonly connection: Connection;
  readonly faults: ConnectionFault[];
  ended: boolean;
}

function endOf(socket: Socket, inFlight = 256, messageBytes = 1024 * 1024): End {
  const end = {
    connection: new Connection({
      socket,
      channel: { messageBytes, bufferedBytes: 1024 * 1024 },
      calls: { inFlight, waiting: 1000 },
      lost: (_target, method, sent) => new Error(`${method} lost, ${sent ? "sent" : "not sent"}`),
      onFault: (fault) => end.faults.push(fault),
      onEnd: () => {
        end.ended = true;
      },
    }),
    faults: [] as ConnectionFault[],
    ended: false,
  };
  return end;
}

/** Bytes of a frame with these messages. */
function frameOf(...messages: unknown[]): Buffer {
  const writer = new FrameWriter(() => expect.unreachable());
  for (const message of messages) writer.add(message);
  return writer.take().frame;
}

describe("a connection", () => {
  it("carries calls in both directions at once", async () => {
    const [one, other] = (await pair()).map((socket) => endOf(socket)) as [End, End];
    for (const { connection } of [one, other]) {
      connection.serve("math", (method, [a, b]) => (method === "add" ? Number(a) + Number(b) : undefined));
    }
    const sums = await Promise.all(
      Array.from({ length: 500 }, (_, n) => (n % 2 ? one : other).connection.call("math", "add", [n, 1])),
    );
    expect(sums).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
  });

  it("loses nothing of messages of any size, in whatever parts they arrive", async () => {
    const [a, b] = await pair();
    const [one, other] = [endOf(a), endOf(b)];
    other.connection.serve("echo", (_method, args) => args[0]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 200_000 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
        const parts = sizes.map((size, n) => Buffer.alloc(size, n));
        const answers = await Promise.all(parts.map((part) => one.connection.call("echo", "it", [part])));
        expect(answers.every((answer, n) => parts[n]?.equals(answer as Buffer))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it("copies an object that is sent twice in one turn twice, each time as it is then", async () => {
    const [a, b] = await pair();
    const [one, other] = [endOf(a), endOf(b)];
    const received: { n: number }[] = [];
    other.connection.serve("keep", (_method, [value]) => void received.push(value as { n: number }));
    const shared = { n: 1 };
    await one.connection.call("keep", "it", [shared]); // so that the next calls are written together
    const calls = Array.from({ length: 10 }, () => {
      shared.n += 1;
      return one.connection.call("keep", "it", [shared]);
    });
    await Promise.all(calls);
    expect(received.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(new Set(received).size).toBe(11);
  });

  it("says of calls whether they had been sent when it closed", async () => {
    const [a, b] = await pair();
    const [one, other] = [endOf(a, 2), endOf(b)];
    other.connection.serve("never", () => new Promise(() => {}));
    const calls = Array.from({ length: 4 }, () => one.connection.call("never", "end", []).catch(String));
    await eventually(() => expect(other.connection.isWritable).toBe(true));
    one.connection.close();
    expect(await Promise.all(calls)).toEqual([
      "Error: end lost, sent",
      "Error: end lost, sent",
      "Error: end lost, not sent",
      "Error: end lost, not sent",
    ]);
    expect(await one.connection.call("never", "again", []).catch(String)).toBe("Error: again lost, not sent");
    await eventually(() => expect([one.ended, other.ended]).toEqual([true, true]));
  });

  it("calls no handler for a call that was abandoned before its turn", async () => {
    const [a, b] = await pair();
    const [one, other] = [endOf(a), endOf(b)];
    const called: string[] = [];
    other.connection.serve("work", (method) => called.push(method));
    const abort = new AbortController();
    const abandoned = one.connection.call("work", "abandoned", [], { signal: abort.signal });
    abort.abort("too late");
    await expect(abandoned).rejects.toBe("too late");
    await one.connection.call("work", "wanted", []);
    expect(called).toEqual(["wanted"]);
  });

  it("handles what was sent before the end", async () => {
    const [a, b] = await pair();
    const [one, other] = [endOf(a), endOf(b)];
    const heard: unknown[] = [];
    other.connection.serve("log", (_method, [line]) => heard.push(line));
    for (let n = 0; n < 1000; n++) one.connection.tell("log", "line", [n]);
    one.connection.close();
    await eventually(() => expect(other.ended).toBe(true));
    expect(heard).toHaveLength(1000);
  });

  it("ends when the other end has more calls under way than it may", async () => {
    const [raw, socket] = await pair();
    const end = endOf(socket, 4);
    end.connection.serve("never", () => new Promise(() => {}));
    for (let n = 0; n < 80; n++) raw.write(frameOf([1, `id ${n}`, "never", "end", []]));
    await eventually(() => expect(end.faults[0]).toEqual({ kind: "flood", calls: 68 }));
  });

  it.each([
    ["not an array", { t: "q" }],
    ["an unknown kind", [9, "x"]],
    ["a call without arguments", [1, "x", "math", "add"]],
    ["a call of an object", [1, "x", {}, "add", []]],
    ["signals in no place", [1, "x", "math", "add", [], [["length", undefined, 1]]]],
    ["an answer to nothing", [3, 7, 1]],
    ["an error that throws when it is read", [4, "x", { name: { toString: 1, valueOf: 1 } }]],
    ["an abort of a text", [2, "x", {}]],
  ])("takes no message of another form: %s", async (_what, message) => {
    const [raw, socket] = await pair();
    const end = endOf(socket);
    raw.write(frameOf(message));
    await eventually(() => expect(end.faults).toMatchObject([{ kind: "unreadable" }]));
  });

  it("takes no two calls with one id", async () => {
    const [raw, socket] = await pair();
    const end = endOf(socket);
    end.connection.serve("never", () => new Promise(() => {}));
    raw.write(frameOf([1, "same", "never", "end", []], [1, "same", "never", "end", []]));
    await eventually(() => expect(end.faults).toEqual([{ kind: "unreadable", reason: "two calls with the same id" }]));
  });

  it("takes no frame over the limit, no matter how little of it has come", async () => {
    const [raw, socket] = await pair();
    const end = endOf(socket);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(2 ** 31, 0);
    head.writeUInt32LE(1, 4);
    raw.write(head);
    await eventually(() => expect(end.faults).toEqual([{ kind: "too-large", size: 2 ** 31 }]));
  });

  it("survives whatever bytes it is sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat({ max: 70 }), async (bytes, count) => {
        const [raw, socket] = await pair();
        const end = endOf(socket);
        const head = Buffer.alloc(8);
        head.writeUInt32LE(bytes.length, 0);
        head.writeUInt32LE(count, 4);
        raw.end(Buffer.concat([head, serialize(null).subarray(0, 2), bytes]));
        await eventually(() => expect(end.ended || end.faults.length > 0).toBe(true));
      }),
      { numRuns: 100 },
    );
  });
});
