import type { RegisteredModule } from "@plinth/kernel";
import { checkManifest } from "@plinth/kernel";
import { describe, expect, it } from "vitest";
import { anybody, asFiles, emptyFolder, examined, refusalOf, schema, slaFiles, writeFiles } from "../plugin.fixture.ts";
import { checkFit } from "./check-fit.ts";
import { examinePlugin } from "./examine-plugin.ts";

const said = (files: Record<string, string>) => refusalOf(() => examined(files));
const packageJson = (data: unknown) => ({ "package.json": JSON.stringify(data) });

describe("a plugin that was fetched", () => {
  it("must have a manifest that is in order, and the entry that it names", async () => {
    const { "module.yaml": manifest, ...rest } = slaFiles();
    expect(await said(rest)).toEqual(["PLUGIN_MANIFEST_MISSING: there is no module.yaml in /sla"]);
    expect(await said({ ...rest, "module.yaml": `${manifest}colour: red\n` })).toEqual([
      expect.stringMatching(/^MANIFEST_\w+: .*colour/),
    ]);
    expect(await said({ ...rest, "module.yaml": "name: sla\nversion: 1.0.0\nmain: other.js\n" })).toEqual([
      'LOAD_ENTRY_MISSING: module "sla" names the entry file "other.js", which does not exist',
    ]);
  });

  it("has the places of its manifest's problems where it came from", () => {
    try {
      examined({ ...slaFiles(), "module.yaml": "name: Sla\nversion: 1.0.0\n" });
    } catch (thrown) {
      expect(thrown).toMatchObject({
        errors: [{ code: "MANIFEST_NAME", at: [{ file: "/sla/module.yaml", line: 1, column: 7 }] }],
      });
    }
    expect.assertions(1);
  });

  it("must bring its packages along", async () => {
    const files = slaFiles("1.0.0", {
      ...packageJson({ dependencies: { "left-pad": "^1.0.0", "@acme/clock": "^2.0.0" } }),
      "node_modules/left-pad/package.json": "{}",
    });
    expect(await said(files)).toEqual([
      'PLUGIN_PACKAGES_MISSING: the plugin "sla" needs packages that it does not bring along: @acme/clock',
    ]);
    expect(await said(slaFiles("1.0.0", { "package.json": "{" }))).toEqual([
      expect.stringMatching(/^PLUGIN_PACKAGE_FILE: the package.json of the plugin cannot be used: /),
    ]);
  });

  it("finds its peers in the platform, in the right versions", async () => {
    const root = emptyFolder();
    writeFiles(root, { "node_modules/@plinth/module/package.json": '{ "version": "1.4.0" }' });
    const peers = (peerDependencies: Record<string, string>, peerDependenciesMeta = {}) => {
      const files = asFiles(slaFiles("1.0.0", packageJson({ peerDependencies, peerDependenciesMeta })));
      const fetched = { files, origin: { kind: "folder", given: "." }, place: "/sla" } as const;
      return refusalOf(() => examinePlugin(fetched, schema, root, anybody));
    };
    expect(await peers({ "@plinth/module": "^1.0.0" })).toEqual([]);
    expect(await peers({ "@plinth/module": "^2.0.0", pg: "^8.0.0" })).toEqual([
      'PLUGIN_PEERS_MISSING: the plugin "sla" expects packages from the platform that are not there: @plinth/module ^2.0.0 (1.4.0 is there), pg ^8.0.0',
    ]);
    expect(await peers({ pg: "^8.0.0" }, { pg: { optional: true } })).toEqual([]);
  });
});

describe("a plugin fits into a platform", () => {
  const module = (source: RegisteredModule["source"], input: Record<string, unknown>): RegisteredModule => {
    const { manifest } = checkManifest({ version: "1.0.0", ...input }, schema);
    if (manifest === undefined) throw new Error("wrong manifest");
    return { manifest, source, path: `/desk/modules/${manifest.name}`, definition: undefined };
  };
  const tickets = module("directory", { name: "tickets", version: "1.4.0" });
  const fit = (manifest: string, modules: readonly RegisteredModule[]) => {
    const plugin = examined({ ...slaFiles(), "module.yaml": `name: sla\nversion: 1.0.0\nmain: index.js\n${manifest}` });
    return checkFit(plugin.manifest, modules, { hostVersion: "1.0.0" }).map(
      ({ code, message }) => `${code}: ${message}`,
    );
  };

  it("whose modules it needs are there, and that has the version it was made for", () => {
    expect(fit("platform: ^1.0.0\ndependencies: { tickets: ^1.0.0 }\n", [tickets])).toEqual([]);
    expect(fit("platform: ^2.0.0\ndependencies: { tickets: ^2.0.0, identity: '*' }\n", [tickets])).toEqual([
      'GRAPH_HOST_VERSION: module "sla" works with platform ^2.0.0, but this platform is 1.0.0',
      'GRAPH_MISSING: there is no module "identity", which is required by "sla" (*)',
      'GRAPH_VERSION: module "tickets" is at 1.4.0, but "sla" needs ^2.0.0',
    ]);
  });

  it("in which its name is free, but for another version of itself", () => {
    expect(fit("", [module("directory", { name: "sla" })])).toEqual([
      'PLUGIN_NAME_TAKEN: there is a module "sla" in the platform already, from /desk/modules/sla',
    ]);
    expect(fit("", [module("plugin", { name: "sla", version: "0.9.0" })])).toEqual([]);
  });

  it("whose dependents it does not leave behind; what was wrong before is no matter of it", () => {
    const reports = module("directory", { name: "reports", dependencies: { sla: "^0.9.0", nowhere: "*" } });
    expect(fit("", [module("plugin", { name: "sla", version: "0.9.0" }), reports])).toEqual([
      'GRAPH_VERSION: module "sla" is at 1.0.0, but "reports" needs ^0.9.0',
    ]);
  });
});
