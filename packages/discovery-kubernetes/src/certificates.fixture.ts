import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate with its key, both PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for one test. */
export interface TestAuthority {
  /** Its own certificate, PEM. */
  readonly ca: string;
  /** Its own key, PEM. */
  readonly key: string;
  /** A certificate for a server, valid for `localhost`, the addresses of loopback, and `names`. */
  server(names?: readonly string[]): Promise<Issued>;
  /** A certificate for a client; the API server takes its common name for the user, its organisations for groups. */
  client(commonName: string, organisations?: readonly string[]): Promise<Issued>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 86_400_000;

/** Makes an authority that nobody trusts but who is told to. */
export async function makeAuthority(): Promise<TestAuthority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const times = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=test authority",
    keys,
    signingAlgorithm: algorithm,
    ...times,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });

  async function issue(subject: x509.JsonName, extensions: x509.Extension[]): Promise<Issued> {
    const own = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      ...times,
      extensions: [new x509.BasicConstraintsExtension(false, undefined, true), ...extensions],
    });
    return { cert: certificate.toString("pem"), key: await pemOf(own.privateKey) };
  }

  return {
    ca: root.toString("pem"),
    key: await pemOf(keys.privateKey),
    server: (names = []) =>
      issue(
        [{ CN: ["localhost"] }],
        [
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([
            ...["127.0.0.1", "::1"].map((value) => ({ type: "ip" as const, value })),
            ...["localhost", ...names].map((value) => ({ type: "dns" as const, value })),
          ]),
        ],
      ),
    client: (commonName, organisations = []) =>
      issue(
        [...organisations.map((name) => ({ O: [name] })), { CN: [commonName] }],
        [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
      ),
  };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
