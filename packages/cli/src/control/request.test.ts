import { once } from "node:events";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderWith } from "../command-line.fixture.ts";
import { send } from "./request.ts";

async function listening(server: Server): Promise<string> {
  const address = path.join(folderWith({}), "control.sock");
  server.listen(address);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return address;
}

const wanted = { method: "GET", path: "/v1/status" } as const;

test("nobody listens: no answer, and no error", async () => {
  expect(await send([path.join(folderWith({}), "control.sock"), "/nowhere/control.sock"], wanted)).toBeUndefined();
});

test("one that takes the connection and says nothing is given up after the limit", async () => {
  const address = await listening(createServer(() => {}));
  await expect(send([address], { ...wanted, limitMs: 50 })).rejects.toMatchObject({
    code: "CONTROL_NO_ANSWER",
    message: "the running platform did not answer within 50 ms",
  });
});

test("one that goes away instead of answering is an error of its own", async () => {
  const address = await listening(createServer((socket) => socket.destroy()));
  await expect(send([address], wanted)).rejects.toMatchObject({ code: "CONTROL_LOST" });
});

test("a request that was given up ends with the reason of its signal", async () => {
  const address = await listening(createServer(() => {}));
  const ending = new AbortController();
  const sent = send([address], { ...wanted, signal: ending.signal });
  ending.abort(new Error("enough"));
  await expect(sent).rejects.toThrow("enough");
});
