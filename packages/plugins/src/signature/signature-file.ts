/** The file at the top of a plugin that holds its signature. */
export const signatureFileName = "plinth.sig";

/** A signature, and whose it is. */
export interface Signature {
  /** The public key, base64 of its 32 bytes. */
  readonly key: string;
  /** Base64 of the signature's 64 bytes. */
  readonly value: string;
}

const form = /^plinth signature 1\nkey ([A-Za-z0-9+/]{43}=)\nsignature ([A-Za-z0-9+/]{86}==)\n$/;

/** The text of a signature's file. */
export function formatSignature({ key, value }: Signature): string {
  return `plinth signature 1\nkey ${key}\nsignature ${value}\n`;
}

/** The signature in a file; `undefined` where it is none of ours. */
export function parseSignature(text: string): Signature | undefined {
  const [, key, value] = form.exec(text) ?? [];
  return key === undefined || value === undefined ? undefined : { key, value };
}
