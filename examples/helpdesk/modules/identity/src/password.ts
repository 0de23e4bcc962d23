import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** What a new hash costs: 16 MiB and five passes, as OWASP recommends for scrypt. */
const cost = { ln: 14, r: 8, p: 5 } as const;
const keyBytes = 32;
const form = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/;

/** A hash with its salt and its cost, so that older hashes still fit when the cost is raised. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await deriveKey(password, salt, cost, keyBytes);
  const { ln, r, p } = cost;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/**
 * Whether the password is the one that was hashed. Without a hash the answer is no, and takes as long,
 * so that the time does not tell which addresses have users.
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const parts = form.exec(hash ?? "");
  if (parts === null) {
    await deriveKey(password, Buffer.alloc(16), cost, keyBytes);
    return false;
  }
  const [, ln, r, p, salt = "", key = ""] = parts;
  const expected = Buffer.from(key, "base64url");
  const found = await deriveKey(
    password,
    Buffer.from(salt, "base64url"),
    { ln: Number(ln), r: Number(r), p: Number(p) },
    expected.length,
  );
  return timingSafeEqual(found, expected);
}

/** Two ways to type one character give one password. */
function deriveKey(
  password: string,
  salt: Buffer,
  { ln, r, p }: { readonly ln: number; readonly r: number; readonly p: number },
  length: number,
): Promise<Buffer> {
  const N = 2 ** ln;
  return derive(password.normalize("NFKC"), salt, length, { N, r, p, maxmem: 256 * N * r });
}
