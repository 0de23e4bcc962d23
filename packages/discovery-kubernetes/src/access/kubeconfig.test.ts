import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createFakeClock, type FakeClock } from "@plinth/testing/clock";
import { type KubernetesApi, startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ApiClient } from "../api/api-client.ts";
import { makeAuthority, type TestAuthority } from "../certificates.fixture.ts";
import type { ApiAccess } from "./api-access.ts";
import { findAccess } from "./find-access.ts";
import { kubeconfigAccess } from "./kubeconfig-access.ts";
import { officialClientAccess } from "./official-client.ts";

let authority: TestAuthority;
let api: KubernetesApi;
let folder: string;
const clients: ApiClient[] = [];
const { signal } = new AbortController();
const base64 = (text: string): string => Buffer.from(text).toString("base64");

beforeAll(async () => {
  authority = await makeAuthority();
  const tls = { ...(await authority.server()), ca: authority.ca };
  api = await startKubernetesApi({ tls, tokens: { "token-1": { name: "first" }, "token-2": { name: "second" } } });
  folder = mkdtempSync(path.join(tmpdir(), "plinth-kubeconfig-"));
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api[Symbol.asyncDispose]();
});

function write(name: string, content: string | object): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === "string" ? content : stringify(content));
  return file;
}

/** A kubeconfig for the simulator, with one context. */
function config(user: object, cluster: object = {}): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "sim", user: "me", namespace: "demo" } }],
    clusters: [
      { name: "sim", cluster: { server: api.url, "certificate-authority-data": base64(authority.ca), ...cluster } },
    ],
    users: [{ name: "me", user }],
  };
}

/** Who the simulator takes the holder of the access for. */
async function whoIs(access: ApiAccess): Promise<string | undefined> {
  const client = new ApiClient({ access });
  clients.push(client);
  await client.call({ path: "/api/v1/namespaces/demo/services" }, signal);
  return api.requests.at(-1)?.user;
}

const accessOf = (user: object, cluster?: object): ApiAccess =>
  kubeconfigAccess({ files: [write("config", config(user, cluster))] });

describe("signing in by a kubeconfig", () => {
  it("with a token", async () => {
    const access = accessOf({ token: "token-1" });
    expect(access).toMatchObject({ server: api.url, namespace: "demo" });
    expect(await whoIs(access)).toBe("first");
  });

  it("with a token file beside it", async () => {
    write("token", "token-2\n");
    expect(await whoIs(accessOf({ tokenFile: "token" }))).toBe("second");
  });

  it("with a client certificate, as data and as files beside it", async () => {
    const { cert, key } = await authority.client("bob");
    const data = { "client-certificate-data": base64(cert), "client-key-data": base64(key) };
    expect(await whoIs(accessOf(data))).toBe("bob");
    write("bob.crt", cert);
    write("bob.key", key);
    write("ca.crt", authority.ca);
    const cluster = { "certificate-authority": "ca.crt", "certificate-authority-data": undefined };
    expect(await whoIs(accessOf({ "client-certificate": "bob.crt", "client-key": "bob.key" }, cluster))).toBe("bob");
  });

  it("with another context than the current one, and with files that are put together", async () => {
    const first = write("first", {
      contexts: [{ name: "mine", context: { cluster: "sim", user: "me" } }],
      users: [{ name: "me", user: { token: "token-2" } }],
    });
    const second = write("second", config({ token: "token-1" }));
    const files = [first, second];
    expect(await whoIs(kubeconfigAccess({ files, context: "mine" }))).toBe("second");
    // The first file that names a user counts.
    expect(await whoIs(kubeconfigAccess({ files }))).toBe("second");
    expect(kubeconfigAccess({ files, context: "mine" }).namespace).toBe("default");
    const env = { KUBECONFIG: files.join(path.delimiter) };
    expect(kubeconfigAccess({ env }).namespace).toBe("demo");
  });

  it("for a server whose certificate carries another name", async () => {
    await expect(whoIs(accessOf({ token: "token-1" }, { "tls-server-name": "other.test" }))).rejects.toThrow(
      /altnames/,
    );
    expect(await whoIs(accessOf({ token: "token-1" }, { "tls-server-name": "localhost" }))).toBe("first");
  });

  it("without looking at the server's certificate, where it says so", async () => {
    const blind = { "certificate-authority-data": undefined, "insecure-skip-tls-verify": true };
    expect(await whoIs(accessOf({ token: "token-1" }, blind))).toBe("first");
  });

  it("through the proxy that it names", async () => {
    const asked: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      const [host, port] = (request.url ?? "").split(":");
      const target = connectTcp(Number(port), host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
      for (const end of [socket, target]) end.on("error", () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    expect(await whoIs(accessOf({ token: "token-1" }, { "proxy-url": `http://127.0.0.1:${port}` }))).toBe("first");
    expect(asked).toEqual([new URL(api.url).host]);
    for (const client of clients.splice(0)) await client.close();
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe("an exec plugin", () => {
  const version = "client.authentication.k8s.io/v1";
  const kind = "ExecCredential";

  /** A program that prints what `body` evaluates to, and counts its runs in a file beside it. */
  function plugin(body: string): string {
    const file = write(
      "plugin",
      [
        `#!${process.execPath}`,
        `const { appendFileSync } = require("node:fs");`,
        `appendFileSync(__filename + ".runs", "x");`,
        `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);`,
        `const print = (status) => console.log(JSON.stringify({ apiVersion: "${version}", kind: "${kind}", status }));`,
        body,
      ].join("\n"),
    );
    chmodSync(file, 0o755);
    write("plugin.runs", "");
    return file;
  }
  const execUser = (more: object = {}): object => ({ exec: { apiVersion: version, command: "./plugin", ...more } });
  const withClock = (clock: FakeClock, user: object): ApiAccess =>
    kubeconfigAccess({ files: [write("config", config(user))], clock });

  it("gives a token, and runs once for all who ask at the same time", async () => {
    plugin(`print({ token: process.env.WHICH + process.argv[2] });`);
    const access = accessOf(execUser({ args: ["1"], env: [{ name: "WHICH", value: "token-" }] }));
    const all = await Promise.all([1, 2, 3].map(() => access.credentials(signal)));
    expect(all.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill("Bearer token-1"));
    expect(await whoIs(access)).toBe("first");
    expect(await runs()).toBe(1);
  });

  it("gives a client certificate", async () => {
    const { cert, key } = await authority.client("eve");
    plugin(`print(${JSON.stringify({ clientCertificateData: cert, clientKeyData: key })});`);
    expect(await whoIs(accessOf(execUser()))).toBe("eve");
  });

  it("runs again when its credential has expired, and when the server refuses it", async () => {
    const clock = createFakeClock();
    plugin(
      `print({ token: "token-1", expirationTimestamp: "${new Date(clock.wallTime() + 3_600_000).toISOString()}" });`,
    );
    const access = withClock(clock, execUser());
    await access.credentials(signal);
    await clock.advance(3_500_000);
    await access.credentials(signal);
    expect(await runs()).toBe(1);
    await clock.advance(95_000);
    await access.credentials(signal);
    expect(await runs()).toBe(2);
    plugin(`print({ token: "gone" });`);
    await expect(whoIs(accessOf(execUser()))).rejects.toMatchObject({ code: 401 });
    expect(await runs()).toBe(2);
  });

  it("is told about the cluster where it wants to know", async () => {
    plugin(`print({ token: Buffer.from(JSON.stringify(info)).toString("base64url") });`);
    const told = async (more: object) => {
      const { headers } = await accessOf(execUser(more)).credentials(signal);
      return JSON.parse(Buffer.from(String(headers.authorization).slice(7), "base64url").toString());
    };
    expect(await told({})).toEqual({ apiVersion: version, kind, spec: { interactive: false } });
    expect((await told({ provideClusterInfo: true })).spec.cluster).toEqual({
      server: api.url,
      "certificate-authority-data": base64(authority.ca),
    });
  });

  it.each([
    ["ends with an error", `console.error("no session"); process.exit(3);`, "no session"],
    ["prints nonsense", `console.log("hello");`, "it printed no JSON"],
    ["prints another kind", `console.log("{}");`, `it printed no ExecCredential of ${version}`],
    ["prints nothing to sign in with", "print({});", "neither a token nor a client certificate"],
  ])("that %s is a fault that is tried again", async (_what, body, reason) => {
    plugin(body);
    const access = accessOf(execUser());
    await expect(access.credentials(signal)).rejects.toMatchObject({
      code: "DISCOVERY_SIGN_IN",
      message: expect.stringContaining(reason),
    });
    plugin(`print({ token: "token-1" });`);
    expect(await whoIs(access)).toBe("first");
  });

  it("that is not installed says how to get it", async () => {
    const user = execUser({ command: "no-such-plugin", installHint: "install it from the cloud's page" });
    await expect(accessOf(user).credentials(signal)).rejects.toThrow(
      "it is not installed (install it from the cloud's page)",
    );
  });

  async function runs(): Promise<number> {
    const { readFile } = await import("node:fs/promises");
    return (await readFile(path.join(folder, "plugin.runs"), "utf8")).length;
  }
});

describe("a kubeconfig that cannot be used", () => {
  const refused = (content: object | string, context?: string) => {
    const files = [write("config", content)];
    return expect(() => kubeconfigAccess({ files, ...(context === undefined ? {} : { context }) }));
  };

  it.each([
    ["auth-provider", { name: "oidc" }],
    ["username", "me"],
    ["as", "root"],
    ["as-groups", ["system:masters"]],
  ])("for it signs in with %s is refused, and points to the official client", (way, value) => {
    refused(config({ token: "token-1", [way]: value })).toThrow(
      expect.objectContaining({
        code: "DISCOVERY_KUBECONFIG",
        message: expect.stringContaining(`does not sign in with ${way}`),
        fix: expect.stringContaining("officialClientAccess"),
      }),
    );
  });

  it("for something is missing says what", () => {
    refused("{").toThrow("cannot be used");
    refused({}).toThrow("it names no current context");
    refused(config({}), "other").toThrow('it has no context "other"');
    refused({ ...config({}), clusters: [] }).toThrow('it has no cluster "sim"');
    refused({ ...config({}), users: undefined }).toThrow('it has no user "me"');
    refused(config({}, { server: "localhost" })).toThrow('"localhost" is no server');
    refused(config({}, { "proxy-url": "socks5://x" })).toThrow("not one of HTTP");
    refused(config({ "client-certificate": "nowhere.crt" })).toThrow("nowhere.crt cannot be read");
    refused(config({ exec: { apiVersion: "v1" } })).toThrow("no command");
    refused(config({ exec: { apiVersion: "v9", command: "x" } })).toThrow('speaks "v9"');
    const terminal = { apiVersion: "client.authentication.k8s.io/v1", command: "x", interactiveMode: "Always" };
    refused(config({ exec: terminal })).toThrow("at a terminal");
    expect(() => kubeconfigAccess({ files: [path.join(folder, "none")] })).toThrow("ENOENT");
  });
});

describe("findAccess", () => {
  it("takes KUBECONFIG, else the one in the home folder, else says what there is not", () => {
    const file = write("config", config({ token: "token-1" }));
    expect(findAccess({ KUBECONFIG: file }).server).toBe(api.url);
    expect(() => findAccess({ HOME: folder })).toThrow(
      expect.objectContaining({ code: "DISCOVERY_NO_CLUSTER", message: expect.stringContaining(".kube/config") }),
    );
    const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    expect(findAccess({ ...pod, KUBECONFIG: file }).server).toBe(api.url);
  });
});

describe("signing in by the official client", () => {
  it("takes over its server, namespace, headers and certificates, and asks it each time", async () => {
    const { cert, key } = await authority.client("carol");
    let token = "token-1";
    const access = officialClientAccess({
      getCurrentCluster: () => ({ server: `${api.url}/` }),
      getCurrentContext: () => "test",
      getContextObject: (name) => ({ namespace: `of-${name}` }),
      async applyToHTTPSOptions(options) {
        options.ca = Buffer.from(authority.ca);
        if (token === "") Object.assign(options, { cert, key });
        else (options.headers as Record<string, string>).Authorization = `Bearer ${token}`;
      },
    });
    expect(access).toMatchObject({ server: api.url, namespace: "of-test" });
    expect(await whoIs(access)).toBe("first");
    const { tls } = await access.credentials(signal);
    expect((await access.credentials(signal)).tls).toBe(tls);
    token = "token-2";
    expect(await whoIs(access)).toBe("second");
    token = "";
    expect(await whoIs(access)).toBe("carol");
  });

  it("says when it fails, and when it has no cluster", async () => {
    const config = {
      getCurrentCluster: () => ({ server: api.url }),
      getCurrentContext: () => "test",
      getContextObject: () => null,
      applyToHTTPSOptions: () => Promise.reject(new Error("the issuer is away")),
    };
    await expect(officialClientAccess(config).credentials(signal)).rejects.toMatchObject({
      code: "DISCOVERY_SIGN_IN",
      message: expect.stringContaining("the issuer is away"),
    });
    expect(() => officialClientAccess({ ...config, getCurrentCluster: () => null })).toThrow("names none");
  });
});
