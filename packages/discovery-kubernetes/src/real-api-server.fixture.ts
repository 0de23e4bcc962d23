import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ApiAccess } from "./access/api-access.ts";
import { ApiClient, type ApiRequest } from "./api/api-client.ts";
import { makeAuthority, type TestAuthority } from "./certificates.fixture.ts";

/** A kube-apiserver and its etcd on loopback, with certificates of their own and RBAC on. */
export interface RealApiServer {
  /** Through a relay that can be cut; the server's certificate is good for it. */
  readonly url: string;
  readonly authority: TestAuthority;
  /** The administrator's certificate. */
  readonly admin: ApiAccess;
  /** Sends a request as the administrator. */
  ask<T = Readonly<Record<string, unknown>>>(request: ApiRequest): Promise<T>;
  /** Cuts all connections and refuses new ones until the returned function is called. */
  interrupt(): Promise<() => Promise<void>>;
  /** Ends the API server and starts it again: it has forgotten the history of its watches. */
  restart(): Promise<void>;
  /** Ends everything that was started, and removes its files. */
  stop(): Promise<void>;
}

/** Why there is no API server to test on; `undefined` where there is one. */
export function whyNoApiServer(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const assets = env.KUBEBUILDER_ASSETS;
  if (!assets) return "KUBEBUILDER_ASSETS names no folder with kube-apiserver and etcd";
  for (const program of ["etcd", "kube-apiserver"]) {
    try {
      accessSync(path.join(assets, program), constants.X_OK);
    } catch {
      return `${path.join(assets, program)} is not there, or cannot be run`;
    }
  }
  return undefined;
}

/** Starts both, and resolves when the API server says that it is ready. */
export async function startRealApiServer(assets: string): Promise<RealApiServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "plinth-kube-apiserver-"));
  const file = (name: string, text?: string): string => {
    const full = path.join(folder, name);
    if (text !== undefined) writeFileSync(full, text, { mode: 0o600 });
    return full;
  };
  const authority = await makeAuthority();
  const serving = await authority.server();
  const owner = await authority.client("plinth-test-admin", ["system:masters"]);
  const signing = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;

  const etcd = run(path.join(assets, "etcd"), [
    `--data-dir=${path.join(folder, "etcd")}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    "--unsafe-no-fsync=true",
  ]);
  let apiServer: Running | undefined;
  const relay = await startRelay(apiPort as number);
  const url = `https://127.0.0.1:${relay.port}`;
  const tls = { ca: authority.ca, cert: owner.cert, key: owner.key };
  const access = (server: string): ApiAccess => ({
    server,
    namespace: "default",
    credentials: async () => ({ headers: {}, tls }),
    renew() {},
  });
  const client = new ApiClient({ access: access(`https://127.0.0.1:${apiPort}`), requestTimeoutMs: 30_000 });
  const ask = <T>(request: ApiRequest): Promise<T> => client.call<T>(request, new AbortController().signal);

  const flags = [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${apiPort}`,
    // Any address that is not of loopback: it is written down, and nobody connects to it.
    "--advertise-address=192.0.2.1",
    `--cert-dir=${folder}`,
    `--tls-cert-file=${file("server.crt", serving.cert)}`,
    `--tls-private-key-file=${file("server.key", serving.key)}`,
    `--client-ca-file=${file("ca.crt", authority.ca)}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${file("accounts.pub", signing.publicKey.export({ type: "spki", format: "pem" }) as string)}`,
    `--service-account-signing-key-file=${file("accounts.key", signing.privateKey.export({ type: "pkcs8", format: "pem" }) as string)}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/24",
    // Without controllers no service account of a namespace is made by itself.
    "--disable-admission-plugins=ServiceAccount",
  ];

  async function startApiServer(): Promise<void> {
    const running = run(path.join(assets, "kube-apiserver"), flags);
    apiServer = running;
    await running.until("kube-apiserver is ready", async () => {
      const { readyz } = await ask<{ readonly readyz?: boolean }>({ path: "/readyz" }).then(
        () => ({ readyz: true }),
        // It says "ok" in plain text: an answer that is no JSON is a good one.
        (error: unknown) => ({ readyz: error instanceof SyntaxError }),
      );
      return readyz;
    });
  }

  async function stop(): Promise<void> {
    await relay.close();
    await client.close();
    await apiServer?.end();
    await etcd.end();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await etcd.until("etcd is healthy", async () => (await fetch(`${etcdUrl}/health`)).ok);
    await startApiServer();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    authority,
    admin: access(url),
    ask,
    async interrupt() {
      await relay.close();
      return () => relay.open();
    },
    async restart() {
      await apiServer?.end();
      await startApiServer();
    },
    stop,
  };
}

interface Running {
  /** Asks until `probe` gives true; rejects when the program ends, or after two minutes, with the end of what it said. */
  until(what: string, probe: () => Promise<boolean>): Promise<void>;
  /** Ends the program, by force if it does not end itself. */
  end(): Promise<void>;
}

function run(program: string, args: readonly string[]): Running {
  const child: ChildProcess = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-4_000);
  });
  let ended = false;
  const exit = new Promise<void>((resolve) => {
    const done = (): void => {
      ended = true;
      resolve();
    };
    child.once("exit", done);
    child.once("error", (error) => {
      said += String(error);
      done();
    });
  });
  return {
    async until(what, probe) {
      const limit = performance.now() + 120_000;
      while (!(await probe().catch(() => false))) {
        if (ended) throw new Error(`${program} ended before ${what}:\n${said}`);
        if (performance.now() > limit) throw new Error(`it never came to be: ${what}\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async end() {
      if (!ended) child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await exit;
      clearTimeout(force);
    },
  };
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Passes connections on to `target`, on a port of its own that stays the same. */
async function startRelay(target: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const far = connect(target, "127.0.0.1");
    for (const end of [socket, far]) {
      sockets.add(end);
      end
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(end);
          socket.destroy();
          far.destroy();
        });
    }
    socket.pipe(far).pipe(socket);
  });
  let port = 0;
  const open = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
  await open();
  port = portOf(server);
  return {
    port,
    open,
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
