import { expect, test } from "vitest";
import { createProgress } from "./progress.ts";

function drawn(output: { readonly isTTY: boolean; readonly columns?: number }): readonly string[] {
  const written: string[] = [];
  {
    using progress = createProgress({ ...output, write: (text: string) => void written.push(text) }, 2);
    progress.began("tickets");
    progress.began("identity");
    progress.ended("tickets", false);
  }
  return written.map((text) => text.replace("\r\u001b[2K", ""));
}

test("says on one line what runs, and takes that away at the end", () => {
  expect(drawn({ isTTY: true })).toEqual(["0/2  tickets", "0/2  tickets, identity", "1/2, 1 failed  identity", ""]);
});

test("never fills the line, and takes a terminal without a width for a usual one", () => {
  expect(drawn({ isTTY: true, columns: 15 })).toEqual(["0/2  tickets", "0/2  tickets, ", "1/2, 1 failed ", ""]);
  expect(drawn({ isTTY: true, columns: 0 })[0]).toBe("0/2  tickets");
});

test("writes nothing where there is no terminal", () => {
  expect(drawn({ isTTY: false })).toEqual([]);
});
