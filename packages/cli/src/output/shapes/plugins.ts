import * as z from "zod";
import { dependency, ok, problems, text } from "./common.ts";
import { defineOutput } from "./define.ts";

const hash = z.string().describe("sha512- and base64");

const plugin = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    state: z
      .enum(["ok", "tampered", "refused"])
      .describe("tampered: its files are not those that were installed; refused: its signature is not as it should be"),
    runsIn: z.enum(["process", "in-process"]).describe("process: one of its own"),
    rights: z.array(z.string()).describe("what was granted to it, as --grant takes it"),
    signedBy: text.describe("the public key of its signature, base64; null where it is not signed"),
    trusted: z.boolean().describe("whether the platform trusts that key"),
    integrity: hash.describe("the hash of all its files but the signature"),
    source: z.strictObject({
      kind: z.enum(["folder", "archive", "npm"]),
      given: z.string().describe("as plugins.lock notes it"),
      resolved: text.describe("the package that npm chose"),
    }),
    folder: z.string().describe("absolute"),
  })
  .meta({ id: "Plugin", description: "an installed plugin" });

const running = z
  .strictObject({
    added: z.array(z.string()),
    removed: z.array(z.string()),
    reloaded: z.array(z.string()),
    restarted: z.array(z.string()).describe("because they depend on one that changed"),
    durationMs: z.number(),
  })
  .nullable()
  .describe("the modules that the running platform changed; null where none runs, or where it refused the change");

const packed = z.strictObject({
  name: z.string(),
  version: z.string(),
  integrity: hash.describe("the hash of all its files but the signature"),
  signedBy: text.describe("a public key, base64"),
});

const notices = problems.describe("worth knowing, though nothing is refused");

export const pluginsAdd = defineOutput("the plugin that was installed", {
  ok,
  plugin,
  replaced: text.describe("the version that was installed before"),
  changed: z.boolean().describe("false where it was installed already, just as it is"),
  running,
  notices,
  problems: problems.describe(
    "why the running platform could not take it in, or what keeps the platform from starting with it",
  ),
});

export const pluginsRemove = defineOutput("the plugin that was removed", {
  ok,
  name: z.string(),
  removed: z.string().describe("its version"),
  running,
  problems: problems.describe("what is wrong without it, or why the running platform could not let it go"),
});

export const pluginsList = defineOutput("the installed plugins", {
  plugins: z.array(plugin).describe("by name"),
  problems,
});

export const pluginsShow = defineOutput("one plugin", {
  plugin,
  description: text,
  dependencies: z.array(dependency),
  permissions: z.array(z.string()).describe("full codes"),
  migrations: z.array(z.string()).describe("names of files"),
  files: z.array(z.strictObject({ path: z.string(), integrity: hash })),
  problems,
});

export const pluginsVerify = defineOutput("whether all plugins are as they were installed", {
  ok,
  plugins: z.int().describe("how many were looked at"),
  files: z.int().describe("how many of their files"),
  problems,
  notices,
});

export const pluginsRestore = defineOutput("the plugins that were put back", {
  ok,
  restored: z.array(z.string()),
  problems,
});

export const pluginsPack = defineOutput("the archive that was made", {
  plugin: packed,
  file: z.string().describe("absolute"),
  files: z.array(z.string()).describe("what is in it"),
});

export const pluginsSign = defineOutput("the archive that was signed", {
  plugin: packed,
  file: z.string().describe("absolute"),
});

export const pluginsKeygen = defineOutput("the new pair of keys", {
  publicKey: z.string().describe("base64, as platform.yaml takes it"),
  file: z.string().describe("of the private key, absolute"),
});
