import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "./line-splitter.ts";

describe("LineSplitter", () => {
  it("gives the same lines wherever the chunks end", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => text.replaceAll("\n", " "));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(200), { maxLength: 20 }), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        const ends = [...new Set(cuts.map((cut) => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
        const splitter = new LineSplitter(10_000);
        const found: string[] = [];
        let start = 0;
        for (const end of [...ends, bytes.length]) {
          found.push(...splitter.push(bytes.subarray(start, end)));
          start = end;
        }
        expect(found).toEqual(lines.filter((text) => text !== ""));
      }),
    );
  });

  it("keeps what is no whole line yet, and leaves out empty lines", () => {
    const splitter = new LineSplitter(100);
    expect(splitter.push(Buffer.from("\n\nhal"))).toEqual([]);
    expect(splitter.push(Buffer.from("f\nrest"))).toEqual(["half"]);
  });

  it("refuses a line that is too long before it has ended, and one that is no UTF-8", () => {
    const splitter = new LineSplitter(8);
    expect(splitter.push(Buffer.from("12345678\n1234"))).toEqual(["12345678"]);
    expect(() => splitter.push(Buffer.from("56789"))).toThrow("longer than 8 bytes");
    expect(() => new LineSplitter(8).push(Uint8Array.of(0xc3, 0x28, 0x0a))).toThrow(TypeError);
  });
});
