import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Mount } from "./mount.ts";
import { MountTable } from "./mount-table.ts";
import { isUnder, joinPath, pathOf } from "./paths.ts";

function tableOf(...prefixes: string[]): MountTable {
  const table = new MountTable();
  for (const prefix of prefixes) table.add(new Mount(prefix, prefix));
  return table;
}

describe("finding the module of a path", () => {
  test.each([
    ["/tickets", "/tickets"],
    ["/tickets/", "/tickets"],
    ["/tickets/1/replies", "/tickets"],
    ["/ticketshop", undefined],
    ["/Tickets", undefined],
    ["/api", undefined],
    ["/api/tickets/1", "/api/tickets"],
    ["/api/ticket", undefined],
    ["/api/tickets/archive/2020", "/api/tickets/archive"],
    ["/api//tickets", undefined],
    ["/", undefined],
    ["", undefined],
    ["*", undefined],
    ["//tickets", undefined],
    ["/%74ickets", undefined],
  ])("%s belongs to %s", (path, prefix) => {
    expect(tableOf("/tickets", "/api/tickets", "/api/tickets/archive").find(path)?.prefix).toBe(prefix);
  });

  test("the root takes what nobody else does", () => {
    const table = tableOf("/", "/tickets");
    expect(["/", "/x/y", "/tickets/1", "/tickets"].map((path) => table.find(path)?.prefix)).toEqual([
      "/",
      "/",
      "/tickets",
      "/tickets",
    ]);
  });

  test("a module that is taken away is found no more", () => {
    const table = tableOf("/a", "/a/b/c");
    table.remove(table.of("/a/b/c") as Mount);
    expect(table.find("/a/b/c/d")?.prefix).toBe("/a");
    table.remove(table.of("/a") as Mount);
    expect(table.find("/a")).toBeUndefined();
  });

  test("is the longest prefix by whole segments, whatever the prefixes and the path", () => {
    const segments = fc.array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 4 });
    const path = segments.map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 8 }), path, (prefixes, asked) => {
        const fitting = prefixes.filter((prefix) => isUnder(asked, prefix)).sort((a, b) => b.length - a.length);
        expect(tableOf(...prefixes).find(asked)?.prefix).toBe(fitting[0]);
      }),
    );
  });

  test("a route under the longer prefix of another module is shadowed", () => {
    const table = tableOf("/api", "/api/tickets", "/other");
    expect(table.shadowing("/api/tickets/1", "/api")?.prefix).toBe("/api/tickets");
    expect(table.shadowing("/api/ticketshop", "/api")).toBeUndefined();
    expect(table.shadowing("/api/tickets/1", "/api/tickets")).toBeUndefined();
  });
});

describe("paths", () => {
  test.each([
    ["/a/b", "/a/b"],
    ["/a/b?c=/d?e", "/a/b"],
    ["http://host/a?b", "/a"],
    ["http://host:80/", "/"],
    ["*", "*"],
    ["", ""],
  ])("the path of the target %s is %s", (target, path) => {
    expect(pathOf(target)).toBe(path);
  });

  test("joins a prefix and a route", () => {
    expect([joinPath("/a", "/"), joinPath("/a", "/b"), joinPath("/", "/"), joinPath("/", "/b")]).toEqual([
      "/a",
      "/a/b",
      "/",
      "/b",
    ]);
  });
});
