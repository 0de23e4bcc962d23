import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createConsulRegistry } from "./consul-registry.ts";
import { binary, eventually, missing, quick, type Stage, setStage, specOf } from "./real-agent.fixture.ts";

const root = "9c1b9e2c-6a0b-4b0e-9a51-6f0f4b7f1c11";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "plinth-consul-access-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(missing !== undefined)("an agent with access control", () => {
  let stage: Stage;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const config = `acl { enabled = true default_policy = "deny" token_ttl = "0s" policy_ttl = "0s" tokens { master = "${root}" agent = "${root}" } }`;
    stage = await setStage(config, root);
    await eventually("access control is ready", () => admin("acl/policies").then(Boolean, () => false));
  });
  afterAll(() => stage?.stop());

  const admin = (place: string, body?: object): Promise<unknown> =>
    stage.ask(place, {
      method: body === undefined ? "GET" : "PUT",
      headers: { "X-Consul-Token": root },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const remove = (token: Token): Promise<unknown> =>
    stage.ask(`acl/token/${token.AccessorID}`, { method: "DELETE", headers: { "X-Consul-Token": root } });

  type Token = { readonly AccessorID: string; readonly SecretID: string };
  async function tokenWith(rules: string): Promise<Token> {
    const Name = `policy-${crypto.randomUUID()}`;
    await admin("acl/policy", { Name, Rules: rules });
    return (await admin("acl/token", { Policies: [{ Name }] })) as Token;
  }

  const writing = 'service "users" { policy = "write" } agent_prefix "" { policy = "read" }';
  const reading = 'service "users" { policy = "read" } node_prefix "" { policy = "read" }';

  it("lets a token do what the errors say that it needs", async () => {
    const writer = await tokenWith(writing);
    const reader = await tokenWith(reading);
    const registration = await stage.connect({ token: writer.SecretID }).register(specOf("users", { id: "one" }));
    expect(registration.state).toBe("registered");
    const watcher = stage.connect({ token: reader.SecretID }).watch({ service: "users" });
    await eventually("it shows", () => watcher.current?.instances[0]?.id === registration.id);
    const refused = stage.connect({ token: reader.SecretID }).register(specOf("users", { id: "two" }));
    await expect(refused).rejects.toMatchObject({ code: "DISCOVERY_DENIED" });
    await registration.deregister();
  });

  it("that takes a token away midway is denied, keeps the instances, and reads the file again", async () => {
    const writer = await tokenWith(writing);
    const first = await tokenWith(reading);
    const tokenFile = path.join(folder, "reader");
    await writeFile(tokenFile, `${first.SecretID}\n`);
    await stage.connect({ token: writer.SecretID }).register(specOf("users", { id: "one" }));
    const registry = stage.connect({ tokenFile, waitMs: 200 });
    const watcher = registry.watch({ service: "users" });
    await eventually("it shows", () => watcher.current?.instances.length === 1);
    await remove(first);
    await eventually("it is denied", () => watcher.current?.lastError?.code === "DISCOVERY_DENIED");
    expect(watcher.current).toMatchObject({ status: "stale", instances: [{ state: "up" }] });
    expect(registry.health().messages[0]).toContain("ACL not found");
    await writeFile(tokenFile, (await tokenWith(reading)).SecretID);
    await eventually("it is live", () => watcher.current?.status === "live");
    expect(watcher.current?.instances).toHaveLength(1);
  });

  it("gets the new token of a registration, for the agent writes to the catalogue with it", async () => {
    const first = await tokenWith(writing);
    const tokenFile = path.join(folder, "writer");
    await writeFile(tokenFile, first.SecretID);
    const registration = await stage.connect({ tokenFile }).register(specOf("users", { id: "rotating" }));
    const second = await tokenWith(writing);
    await writeFile(tokenFile, second.SecretID);
    await remove(first);
    const registers = () => stage.proxy.seen.filter(({ path: asked }) => asked.includes("agent/service/register"));
    await eventually("it was registered with the new token", () =>
      registers().some(({ headers }) => headers["x-consul-token"] === second.SecretID),
    );
    await eventually("it is registered", () => registration.state === "registered");
    await registration.update({ weight: 9 });
    const watcher = stage.connect({ token: root }).watch({ service: "users" });
    await eventually("the change is in the catalogue", () =>
      watcher.current?.instances.some(({ id, weight }) => id === registration.id && weight === 9),
    );
  });
});

describe.skipIf(missing !== undefined)("an agent that speaks TLS and wants a client certificate", () => {
  let stage: Stage;
  let url: string;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const consul = (...args: string[]) => promisify(execFile)(binary, args, { cwd: folder });
    await consul("tls", "ca", "create");
    await consul("tls", "cert", "create", "-server");
    await consul("tls", "cert", "create", "-client");
    const port = await freePort();
    url = `https://127.0.0.1:${port}`;
    const file = (name: string): string => JSON.stringify(path.join(folder, name));
    stage = await setStage(
      `verify_incoming_https = true ca_file = ${file("consul-agent-ca.pem")} cert_file = ${file("dc1-server-consul-0.pem")} ` +
        `key_file = ${file("dc1-server-consul-0-key.pem")} ports { https = ${port} }`,
    );
  });
  afterAll(() => stage?.stop());

  it("is talked to with the files of the options, its name checked", async () => {
    const tls = {
      caFile: path.join(folder, "consul-agent-ca.pem"),
      certFile: path.join(folder, "dc1-client-consul-0.pem"),
      keyFile: path.join(folder, "dc1-client-consul-0-key.pem"),
    };
    const registry = createConsulRegistry({ url, ...quick, tls });
    const registration = await registry.register(specOf("users", { id: "one" }));
    expect(registration.state).toBe("registered");
    expect((await registry.resolve({ service: "users" })).status).toBe("live");
    await registry[Symbol.asyncDispose]();

    const wrongName = createConsulRegistry({ url, ...quick, tls: { ...tls, serverName: "elsewhere.example" } });
    await expect(wrongName.services()).rejects.toMatchObject({ message: expect.stringContaining("elsewhere.example") });
    await wrongName[Symbol.asyncDispose]();

    const nobody = createConsulRegistry({ url, ...quick, tls: { caFile: tls.caFile } });
    await expect(nobody.services()).rejects.toMatchObject({ code: "DISCOVERY_UNAVAILABLE" });
    await nobody[Symbol.asyncDispose]();

    const trusting = createConsulRegistry({ url, ...quick });
    await expect(trusting.services()).rejects.toMatchObject({ message: expect.stringContaining("certificate") });
    await trusting[Symbol.asyncDispose]();
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
