import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readArchive } from "../archive/read-archive.ts";
import { packPlugin } from "../pack.ts";
import { asFiles, examined, installed, refusalOf, schema, slaFiles } from "../plugin.fixture.ts";
import { pluginSource } from "../source/plugin-source.ts";
import type { SignaturePolicy } from "./judge-signature.ts";
import { generateKeys, privateKeyOf, publicKeyOf } from "./keys.ts";

const ours = generateKeys();
const strangers = generateKeys();

/** The files of a plugin that is signed. */
function signed(privateKey = ours.privateKey, files = slaFiles()): Record<string, string> {
  const fetched = { files: asFiles(files), origin: { kind: "folder", given: "." }, place: "/sla" } as const;
  const { archive } = packPlugin(fetched, schema, privateKeyOf(privateKey, "key.pem"));
  return Object.fromEntries(readArchive(archive, "sla.tgz").map((file) => [file.path, file.bytes.toString()]));
}

const trusting: SignaturePolicy = { trustedKeys: [ours.publicKey], signatures: "required" };
const optional: SignaturePolicy = { trustedKeys: [ours.publicKey], signatures: "optional" };
const said = (files: Record<string, string>, policy: SignaturePolicy) => refusalOf(() => examined(files, policy));

describe("the signature of a plugin", () => {
  it("by a trusted key is fine", () => {
    expect(examined(signed(), trusting)).toMatchObject({
      signedBy: ours.publicKey,
      isTrusted: true,
      notice: undefined,
    });
  });

  it("by another key is refused where signatures are required, and else remarked on", async () => {
    const message = `PLUGIN_SIGNATURE_UNKNOWN: the plugin "sla" is signed with the key ${strangers.publicKey}, which is not among plugins.trustedKeys`;
    expect(await said(signed(strangers.privateKey), trusting)).toEqual([message]);
    const { notice, signedBy, isTrusted } = examined(signed(strangers.privateKey), optional);
    expect([notice?.code, signedBy, isTrusted]).toEqual(["PLUGIN_SIGNATURE_UNKNOWN", strangers.publicKey, false]);
  });

  it("is missed only where it is required", async () => {
    expect(await said(slaFiles(), trusting)).toEqual([
      'PLUGIN_SIGNATURE_MISSING: the plugin "sla" is not signed, but plugins.signatures is required',
    ]);
    expect(examined(slaFiles(), optional)).toMatchObject({ signedBy: undefined, isTrusted: false });
  });

  it.each([
    ["a changed file", (files: Record<string, string>) => ({ ...files, "index.js": "evil" })],
    ["an added file", (files: Record<string, string>) => ({ ...files, "evil.js": "evil" })],
    ["a missing file", ({ "lib/deadline.js": _, ...files }: Record<string, string>) => files],
    [
      "a renamed file",
      ({ "lib/deadline.js": text = "", ...files }: Record<string, string>) => ({ ...files, "lib/late.js": text }),
    ],
    [
      "another version",
      (files: Record<string, string>) => ({ ...files, "module.yaml": slaFiles("9.0.0")["module.yaml"] ?? "" }),
    ],
    [
      "the signature of another plugin",
      (files: Record<string, string>) => ({
        ...files,
        "plinth.sig": signed(ours.privateKey, slaFiles("2.0.0"))["plinth.sig"] ?? "",
      }),
    ],
    [
      "the key of another",
      (files: Record<string, string>) => ({
        ...files,
        "plinth.sig": (files["plinth.sig"] ?? "").replace(ours.publicKey, strangers.publicKey),
      }),
    ],
    ["something else in its place", (files: Record<string, string>) => ({ ...files, "plinth.sig": "trust me\n" })],
  ])("with %s is refused, even where none is required", async (_, tamper) => {
    for (const policy of [trusting, optional]) {
      expect(await said(tamper(signed()), policy)).toEqual([expect.stringMatching(/^PLUGIN_SIGNATURE_INVALID: /)]);
    }
  });

  it("is looked at again at each start", async () => {
    const root = await installed(signed(strangers.privateKey), { policy: optional });
    const find = (policy: SignaturePolicy) =>
      pluginSource({ root, settings: () => ({ ...policy, folder: "plugins" }), willRun: false }).find(schema);
    expect(find(optional)).toMatchObject({ problems: [], notices: [{ code: "PLUGIN_SIGNATURE_UNKNOWN" }] });
    expect(find({ ...optional, trustedKeys: [strangers.publicKey] })).toMatchObject({ problems: [], notices: [] });
    expect(find(trusting)).toMatchObject({ modules: [], problems: [{ code: "PLUGIN_SIGNATURE_UNKNOWN" }] });
    writeFileSync(path.join(root, "plugins/sla@1.0.0/plinth.sig"), "trust me\n");
    expect(find(optional)).toMatchObject({ modules: [], problems: [{ code: "PLUGIN_FILE_CHANGED" }] });
  });
});

describe("a key", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const pem = publicKeyOf(ours.publicKey, "x").export({ type: "spki", format: "pem" }).toString();
  const der = publicKeyOf(ours.publicKey, "x").export({ type: "spki", format: "der" }).toString("base64");

  it.each([
    ["PEM", pem, "it is written in another form", `Write "${ours.publicKey}" instead.`],
    ["base64 of DER", der, "it is written in another form", `Write "${ours.publicKey}" instead.`],
    [
      "a private key",
      ours.privateKey,
      "it is a private key",
      "Take it out, make a new pair, and write the public key here.",
    ],
    [
      "a key of another kind",
      rsa.publicKey.export({ type: "spki", format: "pem" }).toString(),
      "it is a key for rsa",
      /44 characters/,
    ],
    ["something else", "abc", "it is not the base64 of 32 bytes", /44 characters/],
  ])("to trust that is given as %s is refused with the mend", async (_, text, reason, mend) => {
    const { problems } = pluginSource({
      root: "/nowhere",
      settings: () => ({ folder: "plugins", trustedKeys: [ours.publicKey, text], signatures: "optional" }),
      willRun: false,
    }).find(schema);
    expect(problems).toMatchObject([
      {
        code: "PLUGIN_KEY_INVALID",
        message: `entry 2 of plugins.trustedKeys is no Ed25519 key: ${reason}`,
        fix: typeof mend === "string" ? mend : expect.stringMatching(mend),
        at: [{ file: "/nowhere/platform.yaml" }],
      },
    ]);
  });

  it("to sign with must be a private one for Ed25519", async () => {
    const invalid = (text: string) => refusalOf(() => privateKeyOf(text, "key.pem"));
    expect(await invalid(pem)).toEqual([
      "PLUGIN_KEY_INVALID: what is in key.pem is no Ed25519 key: it is a public key",
    ]);
    expect(await invalid("")).toEqual([
      "PLUGIN_KEY_INVALID: what is in key.pem is no Ed25519 key: it is no private key in PEM",
    ]);
    expect(await invalid(rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString())).toEqual([
      "PLUGIN_KEY_INVALID: what is in key.pem is no Ed25519 key: it is a key for rsa",
    ]);
  });
});
