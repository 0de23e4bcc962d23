import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type TestFolder, testFolder } from "../folder.fixture.ts";
import { claimSocket } from "./claim-socket.ts";

function folder(): TestFolder {
  const made = testFolder({});
  onTestFinished(() => made[Symbol.dispose]());
  return made;
}

/** A server that says who it is to everybody who connects. */
function server(name: string): Server {
  const made = createServer((socket) => socket.on("error", () => {}).end(name));
  onTestFinished(() => void made.close());
  return made;
}

async function whoAnswers(address: string): Promise<string> {
  const socket = connect(address).setEncoding("utf8");
  let name = "";
  for await (const text of socket) name += text;
  return name;
}

/** Leaves behind the socket of a process that was killed. */
async function leaveBehind(address: string): Promise<void> {
  const code = `require("node:net").createServer().listen(${JSON.stringify(address)}, () => console.log("up"))`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(existsSync(address)).toBe(true);
}

test("a socket whose process was killed is replaced", async () => {
  const { root } = folder();
  const address = path.join(root, "control.sock");
  await leaveBehind(address);
  expect(await claimSocket(server("new"), address)).toBe(true);
  expect(await whoAnswers(address)).toBe("new");
  expect(readdirSync(root)).toEqual(["control.sock"]);
});

test("a socket of a living process is left alone", async () => {
  const address = path.join(folder().root, "control.sock");
  expect(await claimSocket(server("first"), address)).toBe(true);
  expect(await claimSocket(server("second"), address)).toBe(false);
  expect(await whoAnswers(address)).toBe("first");
});

test("of many who come at once upon a dead socket one gets it, and answers", async () => {
  for (let round = 0; round < 10; round++) {
    const { root } = folder();
    const address = path.join(root, "control.sock");
    await leaveBehind(address);
    const claims = await Promise.all([..."abcdefgh"].map((name) => claimSocket(server(name), address)));
    expect(claims.filter((isMine) => isMine)).toHaveLength(1);
    expect(await whoAnswers(address)).toBe("abcdefgh"[claims.indexOf(true)]);
    expect(readdirSync(root)).toEqual(["control.sock"]);
  }
});

test("what is wrong with the path is said", async () => {
  await expect(claimSocket(server("a"), path.join(folder().root, "nowhere", "control.sock"))).rejects.toThrow(
    /EACCES|ENOENT/,
  );
});
