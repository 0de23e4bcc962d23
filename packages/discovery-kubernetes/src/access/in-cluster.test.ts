import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { createFakeClock } from "@plinth/testing/clock";
import { type KubernetesApi, startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ApiClient } from "../api/api-client.ts";
import { makeAuthority, type TestAuthority } from "../certificates.fixture.ts";
import { inClusterAccess } from "./in-cluster.ts";

let authority: TestAuthority;
let api: KubernetesApi;
let folder: string;
const users = (name: string) => ({ name, groups: ["system:masters"] });
const { signal } = new AbortController();

beforeAll(async () => {
  authority = await makeAuthority();
  const tls = { ...(await authority.server()), ca: authority.ca };
  api = await startKubernetesApi({ tls, authorization: "rbac", tokens: { "token-1": users("first") } });
  folder = mkdtempSync(path.join(tmpdir(), "plinth-service-account-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api[Symbol.asyncDispose]();
});

beforeEach(() => {
  write("token", "token-1\n");
  write("ca.crt", authority.ca);
  write("namespace", "demo\n");
  api.tokens.clear();
  api.tokens.set("token-1", users("first"));
});

function write(file: string, text: string): void {
  writeFileSync(path.join(folder, file), text);
}

function connect(host = "127.0.0.1", port = new URL(api.url).port) {
  const clock = createFakeClock();
  const env = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port };
  const access = inClusterAccess({ env, serviceAccount: folder, clock });
  const client = new ApiClient({ access, clock });
  const ask = () => client.call<object>({ path: "/api/v1/namespaces/demo/services" }, signal);
  return { access, client, clock, ask };
}

describe("signing in from a pod", () => {
  it("takes the address from the environment, the namespace, the CA and the token from files", async () => {
    const { access, client, ask } = connect();
    expect(access).toMatchObject({ server: api.url, namespace: "demo" });
    expect(await ask()).toMatchObject({ kind: "ServiceList" });
    expect(api.requests.at(-1)?.user).toBe("first");
    await client.close();
  });

  it("puts an IPv6 address into brackets", async ({ skip }) => {
    expect(connect("fd00::1", "443").access.server).toBe("https://[fd00::1]:443");
    const loopback = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
    if (!loopback) skip("this machine has no IPv6");
    await using six = await startKubernetesApi({ host: "::1", tls: await authority.server() });
    const { client, ask } = connect("::1", new URL(six.url).port);
    expect(await ask()).toMatchObject({ kind: "ServiceList" });
    await client.close();
  });

  it("trusts nobody but the CA of the service account", async () => {
    write("ca.crt", (await makeAuthority()).ca);
    const { client, ask } = connect();
    await expect(ask()).rejects.toThrow(/certificate|signature/);
    await client.close();
  });

  it("reads the token again when the server refuses it, and sends the request once more", async () => {
    const { client, ask } = connect();
    await ask();
    api.tokens.clear();
    api.tokens.set("token-2", users("second"));
    write("token", "token-2");
    const before = api.requests.length;
    expect(await ask()).toMatchObject({ kind: "ServiceList" });
    expect(api.requests.slice(before).map(({ user }) => user)).toEqual([undefined, "second"]);
    await client.close();
  });

  it("reads the token again each minute, before the old one is refused", async () => {
    const { client, clock, ask } = connect();
    await ask();
    api.tokens.set("token-2", users("second"));
    write("token", "token-2");
    await clock.advance(59_000);
    await ask();
    expect(api.requests.at(-1)?.user).toBe("first");
    await clock.advance(2_000);
    await ask();
    expect(api.requests.at(-1)?.user).toBe("second");
    await client.close();
  });

  it("keeps the last token while the file is being replaced", async () => {
    const { client, clock, ask } = connect();
    await ask();
    write("token", "");
    await clock.advance(61_000);
    expect(await ask()).toMatchObject({ kind: "ServiceList" });
    await client.close();
  });

  it("follows a CA that is rotated, and keeps the connections as long as it is the same", async () => {
    const { client, clock, access, ask } = connect();
    await ask();
    const before = (await access.credentials(signal)).tls;
    await clock.advance(61_000);
    expect((await access.credentials(signal)).tls).toBe(before);
    write("ca.crt", `${authority.ca}\n${(await makeAuthority()).ca}`);
    await clock.advance(61_000);
    expect((await access.credentials(signal)).tls).not.toBe(before);
    expect(await ask()).toMatchObject({ kind: "ServiceList" });
    await client.close();
  });

  it("says when the token cannot be read, and finds it once it can", async () => {
    rmSync(path.join(folder, "token"));
    const { client, ask } = connect();
    await expect(ask()).rejects.toMatchObject({
      code: "DISCOVERY_SIGN_IN",
      message: expect.stringContaining("ENOENT"),
    });
    write("token", "token-1");
    expect(await ask()).toMatchObject({ kind: "ServiceList" });
    await client.close();
  });

  it("is refused outside a pod, and without a service account", () => {
    expect(() => inClusterAccess({ env: {} })).toThrow(
      expect.objectContaining({
        code: "DISCOVERY_NO_CLUSTER",
        message: "no Kubernetes cluster to sign in to: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set",
      }),
    );
    const env = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    expect(() => inClusterAccess({ env, serviceAccount: path.join(folder, "none") })).toThrow("has no service account");
  });
});
