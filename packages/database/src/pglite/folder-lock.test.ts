import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownIdentity } from "@plinth/process-lock";
import { describe, expect, it } from "vitest";
import { said } from "../databases.fixture.ts";
import { temporaryFolder } from "../host.fixture.ts";
import { run } from "../processes.fixture.ts";
import { lockFolder } from "./folder-lock.ts";

const refusal = (folder: string) => lockFolder(folder).then(() => "taken", said);

describe("the lock on a database folder", () => {
  it("names the holder, refuses a second one in the same process, and is gone when it is released", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    const lock = await lockFolder(folder);
    expect(JSON.parse(readFileSync(`${folder}.lock`, "utf8"))).toMatchObject(ownIdentity());
    expect(await refusal(folder)).toBe(
      `DATABASE_FOLDER_IN_USE: the database folder ${folder} is in use by process ${process.pid}, which is this very process`,
    );
    lock.release();
    expect(readdirSync(temporary.path)).toEqual([]);
    (await lockFolder(folder)).release();
  });

  it("is not given back by one that does not have it any more", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    const lock = await lockFolder(folder);
    const text = readFileSync(`${folder}.lock`, "utf8").replace(/"id":"[^"]*"/, '"id":"another"');
    writeFileSync(`${folder}.lock`, text);
    lock.release();
    expect(existsSync(`${folder}.lock`)).toBe(true);
  });

  it("is taken from the dead, whatever they left", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    const dead = { ...ownIdentity(), pid: 2 ** 22 - 1, started: "1" };
    const write = (name: string, id: string) => writeFileSync(name, JSON.stringify({ ...dead, id }));
    // One died with the lock, its heir before it had moved its file, and a third one before it had begun.
    write(`${folder}.lock`, "first");
    write(`${folder}.lock.first`, "second");
    write(`${folder}.lock.third.new`, "third");
    // One is just being written.
    writeFileSync(`${folder}.lock.fourth.new`, '{"pid":');
    const lock = await lockFolder(folder);
    expect(readdirSync(temporary.path)).toEqual(["database.lock", "database.lock.fourth.new"]);
    lock.release();
    expect(readdirSync(temporary.path)).toEqual(["database.lock.fourth.new"]);
  });

  it("is taken from a process whose number another one has now", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    writeFileSync(`${folder}.lock`, JSON.stringify({ ...ownIdentity(), started: "1", id: "before" }));
    (await lockFolder(folder)).release();
  });

  it("is never taken from one that cannot be seen from here", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    const elsewhere = { ...ownIdentity(), pid: 7, host: "db-2", boot: "another", id: "x" };
    writeFileSync(`${folder}.lock`, JSON.stringify(elsewhere));
    expect(await refusal(folder)).toBe(
      `DATABASE_FOLDER_FOREIGN: the database folder ${folder} is locked by process 7 on db-2, which cannot be seen from here`,
    );
  });

  it("is not guessed at when the file is damaged", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    for (const text of ["", "{}", "[1]", "not JSON"]) {
      writeFileSync(`${folder}.lock`, text);
      expect(await refusal(folder)).toBe(`DATABASE_FOLDER_LOCK: the lock file ${folder}.lock cannot be understood`);
    }
  });

  it("goes to exactly one of eight processes that find it with a dead holder", async () => {
    using temporary = temporaryFolder();
    const folder = join(temporary.path, "database");
    for (let round = 0; round < 2; round += 1) {
      const dead = { ...ownIdentity(), pid: 2 ** 22 - 1, started: "1", id: `dead-${round}` };
      writeFileSync(`${folder}.lock`, JSON.stringify(dead));
      const processes = Array.from({ length: 8 }, () => run("./pglite/lock-process.fixture.ts", folder));
      const answers = await Promise.all(processes.map(({ printed }) => printed()));
      for (const { child } of processes) child.kill("SIGKILL");
      await Promise.all(processes.map(({ ended }) => ended));
      expect(answers.toSorted()).toEqual([...Array(7).fill("DATABASE_FOLDER_IN_USE"), "taken"]);
    }
  });
});
