import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { platformError, type SourceLocation } from "@plinth/module";

/** A new pair of keys. */
export interface KeyPair {
  /** Base64 of the 32 bytes: what platform.yaml trusts. */
  readonly publicKey: string;
  /** PKCS #8 in PEM: what signs. */
  readonly privateKey: string;
}

/** Makes a pair of Ed25519 keys. */
export function generateKeys(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicText(publicKey),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** The public key of a private or public one as platform.yaml writes it. */
export function publicText(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  const { x = "" } = publicKey.export({ format: "jwk" });
  return Buffer.from(x, "base64url").toString("base64");
}

/**
 * The public key that a text of platform.yaml or of a signature means.
 *
 * @param place where it stands, for the error.
 * @throws PlatformError `PLUGIN_KEY_INVALID`, which for a PEM names the text to write instead.
 */
export function publicKeyOf(text: string, place: string, at: readonly SourceLocation[] = []): KeyObject {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length === 32 && bytes.toString("base64") === text) {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") }, format: "jwk" });
  }
  throw platformError("PLUGIN_KEY_INVALID", { place, ...explain(text) }, { at });
}

function explain(text: string): { readonly reason: string; readonly mend: string } {
  const mend = "Write the base64 of the key's 32 bytes, 44 characters, as platformctl plugins keygen prints it.";
  if (text.includes("PRIVATE KEY")) {
    return { reason: "it is a private key", mend: "Take it out, make a new pair, and write the public key here." };
  }
  const key = publicKeyIn(text);
  if (key === undefined) return { reason: "it is not the base64 of 32 bytes", mend };
  if (key.asymmetricKeyType !== "ed25519") return { reason: `it is a key for ${key.asymmetricKeyType}`, mend };
  return { reason: "it is written in another form", mend: `Write "${publicText(key)}" instead.` };
}

/** A public key in PEM, or in the base64 of DER. */
function publicKeyIn(text: string): KeyObject | undefined {
  const attempts = [
    () => createPublicKey(text),
    () => createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" }),
  ];
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // It has another form.
    }
  }
  return undefined;
}

/**
 * The private key in a file that `plugins keygen` or `openssl genpkey` wrote.
 *
 * @throws PlatformError `PLUGIN_KEY_INVALID`
 */
export function privateKeyOf(pem: string, file: string): KeyObject {
  const invalid = (reason: string, cause?: unknown) => {
    const mend = "Name the file that platformctl plugins keygen has written.";
    return platformError(
      "PLUGIN_KEY_INVALID",
      { place: `what is in ${file}`, reason, mend },
      { at: [{ file }], cause },
    );
  };
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw invalid(pem.includes("PUBLIC KEY") ? "it is a public key" : "it is no private key in PEM", cause);
  }
  if (key.asymmetricKeyType !== "ed25519") throw invalid(`it is a key for ${key.asymmetricKeyType}`);
  return key;
}
