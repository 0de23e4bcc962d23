import { mkdirSync, readdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { cacheFolder } from "../cache-folder.ts";
import { folderWith } from "../command-line.fixture.ts";
import { linesWith, withoutPrefix } from "./completion-prefix.ts";
import { questionOf } from "./question.ts";
import { recall } from "./recall.ts";
import { remember } from "./remember.ts";
import * as traced from "./traced-fs.ts";
import { existsSync, lstatSync, readFileSync, realpathSync, rmSync, startTrace } from "./traced-fs.ts";

const stdout = {};
const cache = (folder: string) => ({ folder: path.join(folder, "cache"), program: "1" });
const asker = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => ({
  args,
  cwd: "/",
  env,
  stdout,
});
const longAgo = new Date(2020, 1, 1);
const later = () => Date.now() + 60_000;

/** A command that reads what a platform is made of. */
function answerIn(root: string, ask = (): unknown => [], now = later()) {
  const question = questionOf(asker(["modules", "list"]), cache(root));
  if (question === undefined) throw new Error("it can be kept");
  utimesSync(path.join(root, "platform.yaml"), longAgo, longAgo);
  const trace = startTrace();
  readFileSync(path.join(root, "platform.yaml"), "utf8");
  traced.readdirSync(path.join(root, "modules"));
  existsSync(path.join(root, "plugins.lock"));
  ask();
  remember(question, { code: 1, stdout: "out\n", stderr: "err\n" }, trace, now);
  return { recalled: () => recall(question) };
}

const desk = { "platform.yaml": "name: desk\n", "modules/a/module.yaml": "name: a\n", "link/to": "" };

test("an answer is known again, with its code and both outputs", () => {
  const { recalled } = answerIn(folderWith(desk));
  expect(recalled()).toMatchObject({ code: 1, stdout: "out\n", stderr: "err\n" });
});

test.each<[string, (root: string) => void]>([
  ["a file has another content", (root) => writeFileSync(path.join(root, "platform.yaml"), "name: counter\n")],
  [
    "a file has another content of the same length, and the time of change that it had",
    (root) => {
      const file = path.join(root, "platform.yaml");
      writeFileSync(file, "name: task\n");
      utimesSync(file, longAgo, longAgo);
    },
  ],
  ["a file has come into a folder that was listed", (root) => mkdirSync(path.join(root, "modules/b"))],
  ["a file is there now", (root) => writeFileSync(path.join(root, "plugins.lock"), "")],
  ["a file is gone", (root) => renameSync(path.join(root, "platform.yaml"), path.join(root, "x"))],
])("it is found anew when %s", (_, change) => {
  const root = folderWith(desk);
  const { recalled } = answerIn(root);
  change(root);
  expect(recalled()).toBeUndefined();
});

test("it is found anew when a link leads elsewhere", () => {
  const root = folderWith({ ...desk, "one/file": "1", "two/file": "2" });
  const link = path.join(root, "current");
  symlinkSync("one", link);
  const { recalled } = answerIn(root, () => [realpathSync(path.join(link, "file")), lstatSync(link)]);
  expect(recalled()).toBeDefined();
  symlinkSync("two", `${link}.new`);
  renameSync(`${link}.new`, link);
  expect(recalled()).toBeUndefined();
});

test.each<[string, (root: string) => unknown]>([
  ["something was removed", (root) => rmSync(path.join(root, "nothing"), { force: true })],
  ["all folders below one were listed", (root) => traced.readdirSync(root, { recursive: true })],
  ["a file was opened", () => traced.closeSync(traced.openSync(import.meta.filename, "r"))],
])("nothing is kept of a command by which %s", (_, ask) => {
  const root = folderWith(desk);
  expect(answerIn(root, () => ask(root)).recalled()).toBeUndefined();
});

test("nothing is kept while a file is so fresh that its next change might not show", () => {
  expect(answerIn(folderWith(desk), undefined, Date.now()).recalled()).toBeUndefined();
});

test("a place that cannot be written to, and a file that is none of ours, are no error", () => {
  const root = folderWith({ ...desk, cache: "a file" });
  expect(answerIn(root).recalled()).toBeUndefined();
  const other = folderWith(desk);
  const { recalled } = answerIn(other);
  for (const file of readdirSync(path.join(other, "cache/answers"))) {
    writeFileSync(path.join(other, "cache/answers", file), "{ half");
  }
  expect(recalled()).toBeUndefined();
});

test("what is asked says what counts: arguments, folder, settings from variables, colours; and nothing else", () => {
  const keyOf = (args: readonly string[], env = {}) => questionOf(asker(args, env), cache("/c"))?.key;
  const key = keyOf(["modules", "list"]);
  expect(keyOf(["modules", "list"], { SHLVL: "3", DATABASE_PASSWORD: "x" })).toBe(key);
  expect(keyOf(["modules", "list"], { PLATFORM_HTTP__PORT: "1" })).not.toBe(key);
  expect(keyOf(["modules", "list"], { NO_COLOR: "1" })).not.toBe(key);
  expect(keyOf(["modules", "list", "--json"])).not.toBe(key);
  expect(keyOf(["modules", "list", "--live"])).toBeUndefined();
  expect(keyOf(["modules", "validate", "--database"])).toBeUndefined();
  expect(keyOf(["modules", "new", "x"])).toBeUndefined();
  expect(keyOf(["start"])).toBeUndefined();
});

test("names are looked up once for all their beginnings", () => {
  expect(withoutPrefix(["complete", "--", "modules", "show", "ti"])).toEqual({
    args: ["complete", "--", "modules", "show", ""],
    prefix: "ti",
  });
  for (const args of [
    ["complete", "--", "modules", "--js"],
    ["complete", "--", "--format=s"],
    ["modules", "ti"],
  ]) {
    expect(withoutPrefix(args)).toEqual({ args, prefix: "" });
  }
  expect(linesWith("ti", "tickets\tTickets.\nidentity\t\ntime\t\n")).toBe("tickets\tTickets.\ntime\t\n");
  expect(linesWith("", "a\nb\n")).toBe("a\nb\n");
});

test("caches lie where the system keeps such things of a user, or where PLATFORMCTL_CACHE says", () => {
  expect(cacheFolder({ HOME: "/home/me" }, "linux")).toBe("/home/me/.cache/platformctl");
  expect(cacheFolder({ HOME: "/home/me", XDG_CACHE_HOME: "/cache" }, "linux")).toBe("/cache/platformctl");
  expect(cacheFolder({ HOME: "/home/me", XDG_CACHE_HOME: "relative" }, "linux")).toBe("/home/me/.cache/platformctl");
  expect(cacheFolder({ HOME: "/Users/me" }, "darwin")).toBe("/Users/me/Library/Caches/platformctl");
  expect(cacheFolder({ HOME: "/home/me", PLATFORMCTL_CACHE: "/x" }, "linux")).toBe("/x");
  expect(cacheFolder({}, "linux")).toBeUndefined();
});
