import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

test("a password fits its own hash and no other", async () => {
  const hash = await hashPassword("correct horse battery staple");
  expect(await verifyPassword("correct horse battery staple", hash)).toBe(true);
  expect(await verifyPassword("correct horse battery stable", hash)).toBe(false);
});

test("one password gives two hashes, each with its cost in it", async () => {
  const [first, second] = await Promise.all([hashPassword("twice the same"), hashPassword("twice the same")]);
  expect(first).not.toBe(second);
  expect(first).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/);
});

test("a hash of a lower cost still fits", async () => {
  const hash = "$scrypt$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$yCcLemSoKTwgtqEqHrMchyhDDpsjtPTtJQGh1XIhIto";
  expect(await verifyPassword("old and cheap", hash)).toBe(true);
});

test("a character typed in two ways is the same password", async () => {
  expect(await verifyPassword("café".repeat(3), await hashPassword("cafe\u0301".repeat(3)))).toBe(true);
});

test.each([undefined, "", "plain text"])("nothing fits the hash %j", async (hash) => {
  expect(await verifyPassword("", hash)).toBe(false);
});
