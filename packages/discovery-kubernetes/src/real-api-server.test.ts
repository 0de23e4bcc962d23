import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RegistrationSpec, ServiceRegistry, Snapshot } from "@plinth/discovery";
import { registryConformance } from "@plinth/testing/discovery";
import type { KubernetesObject } from "@plinth/testing/kubernetes";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { ApiAccess } from "./access/api-access.ts";
import { inClusterAccess } from "./access/in-cluster.ts";
import { kubeconfigAccess } from "./access/kubeconfig-access.ts";
import { plainAccess, slice } from "./cluster.fixture.ts";
import { guideFiles, manifestIn, manifestsIn } from "./guide.fixture.ts";
import { createKubernetesRegistry, type KubernetesRegistryOptions } from "./kubernetes-registry.ts";
import { type RealApiServer, startRealApiServer, whyNoApiServer } from "./real-api-server.fixture.ts";

const missing = whyNoApiServer();
if (missing !== undefined) console.warn(`Skipped, for there is no API server: ${missing}`);

/** Paths by kind, of what the tests write. */
const plurals: Readonly<Record<string, string>> = {
  Namespace: "namespaces",
  ServiceAccount: "serviceaccounts",
  Service: "services",
  Deployment: "deployments",
  EndpointSlice: "endpointslices",
  Role: "roles",
  RoleBinding: "rolebindings",
  Lease: "leases",
};

const spec: RegistrationSpec = { service: "helpdesk", endpoints: [{ name: "http", protocol: "http", port: 8080 }] };
const pod = { name: "helpdesk-1", uid: "7e912d78-e148-4039-bf35-3d5255f7d2e5", ip: "10.1.0.9" };
const slow = 60_000;

describe.skipIf(missing !== undefined)(
  `on a real API server${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let server: RealApiServer;
    let folder: string;
    const registries: ServiceRegistry[] = [];

    beforeAll(async () => {
      server = await startRealApiServer(process.env.KUBEBUILDER_ASSETS as string);
      folder = mkdtempSync(path.join(tmpdir(), "plinth-real-"));
      for (const name of ["guide", "rights", "watching", "laws", "peers"]) {
        await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "");
      }
    }, 180_000);

    afterEach(async () => {
      for (const registry of registries.splice(0)) await registry[Symbol.asyncDispose]();
    }, slow);

    afterAll(async () => {
      await server?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    }, slow);

    function pathOf({ apiVersion, kind, metadata }: KubernetesObject, namespace: string): string {
      const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
      const where = kind === "Namespace" ? root : `${root}/namespaces/${namespace}`;
      return `${where}/${plurals[kind]}/${metadata.name}`;
    }

    /** What `kubectl apply --server-side` does; fields that the server does not know are refused. */
    async function apply(object: KubernetesObject, namespace: string): Promise<void> {
      await server.ask({
        method: "PATCH",
        path: pathOf(object, namespace),
        query: { fieldManager: "test", force: "true", fieldValidation: "Strict" },
        contentType: "application/apply-patch+yaml",
        body: object,
      });
    }

    async function remove(object: KubernetesObject, namespace: string): Promise<void> {
      await server.ask({ method: "DELETE", path: pathOf(object, namespace) });
    }

    /** A token for the service account of the guide. */
    async function tokenIn(namespace: string): Promise<string> {
      await apply(manifestIn("service-account.yaml"), namespace);
      const { status } = await server.ask<{ readonly status: { readonly token: string } }>({
        method: "POST",
        path: `/api/v1/namespaces/${namespace}/serviceaccounts/helpdesk/token`,
        body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 3_600 } },
      });
      return status.token;
    }

    /** The access of a pod of the guide: token, CA and namespace in files, the address in the environment. */
    async function podAccess(namespace: string): Promise<ApiAccess> {
      const serviceAccount = mkdtempSync(path.join(folder, "account-"));
      writeFileSync(path.join(serviceAccount, "token"), await tokenIn(namespace));
      writeFileSync(path.join(serviceAccount, "ca.crt"), server.authority.ca);
      writeFileSync(path.join(serviceAccount, "namespace"), namespace);
      const { hostname, port } = new URL(server.url);
      const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
      return inClusterAccess({ env, serviceAccount });
    }

    function connect(options: KubernetesRegistryOptions): ServiceRegistry {
      const registry = createKubernetesRegistry({
        env: {},
        host: "192.0.2.9",
        backoff: { minMs: 50, maxMs: 500 },
        leaseMs: 3_000,
        ...options,
      });
      registries.push(registry);
      return registry;
    }

    async function eventually<T>(what: string, probe: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
      const end = performance.now() + 40_000;
      for (;;) {
        const found = await probe();
        if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
        if (performance.now() > end) throw new Error(`it never came to be: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }

    it(
      "the manifests of the guide are taken, with no field that it does not know",
      async () => {
        for (const file of guideFiles) await apply(manifestIn(file), "guide");
      },
      slow,
    );

    it(
      "a pod with the guide's rights is adopted, watches and lists, and may write nothing",
      async () => {
        for (const file of ["service-account.yaml", "role.yaml", "role-binding.yaml", "service.yaml"] as const) {
          await apply(manifestIn(file), "rights");
        }
        const access = await podAccess("rights");
        const own = (ready: boolean) =>
          slice("helpdesk-abc", [{ ip: pod.ip, uid: pod.uid, pod: pod.name, ready }], { service: "helpdesk" });
        await apply(own(false), "rights");
        const registry = connect({ access, pod, readiness: { set: (ready) => apply(own(ready), "rights") } });
        // RBAC learns of new bindings a moment later.
        await eventually("the rights are known", () =>
          registry.services().then(
            () => true,
            () => false,
          ),
        );
        const registration = await registry.register(spec);
        expect(registration).toMatchObject({ state: "registered", id: "helpdesk-1.7e912d78" });
        expect(await registry.services()).toEqual(["helpdesk"]);
        await expect(connect({ access, registration: "managed" }).register(spec)).rejects.toMatchObject({
          code: "DISCOVERY_DENIED",
          fix: expect.stringContaining("name: helpdesk, namespace: rights"),
        });
      },
      slow,
    );

    it(
      "the Roles that denials print are the ones that heal them",
      async () => {
        const access = await podAccess("peers");
        const registry = connect({ access, registration: "managed" });
        const applyFix = async (error: { readonly code?: string; readonly fix?: string }): Promise<void> => {
          expect(error.code).toBe("DISCOVERY_DENIED");
          const text = error.fix ?? "";
          for (const object of manifestsIn(text.slice(text.indexOf("\n")))) await apply(object, "peers");
        };
        await registry.services().then(() => expect.unreachable(), applyFix);
        await eventually("reading is allowed", () =>
          registry.services().then(
            () => true,
            () => false,
          ),
        );
        await registry.register(spec).then(() => expect.unreachable(), applyFix);
        await eventually("writing is allowed", () =>
          registry.register(spec).then(
            ({ state }) => state === "registered",
            () => false,
          ),
        );
      },
      slow,
    );

    it(
      "a token that it does not know is denied, and so is nobody",
      async () => {
        const anonymous = {
          ...plainAccess(server.url),
          credentials: async () => ({ headers: {}, tls: { ca: server.authority.ca } }),
        };
        await expect(connect({ access: anonymous }).services()).rejects.toMatchObject({ code: "DISCOVERY_DENIED" });
        const headers = { authorization: "Bearer nonsense" };
        const wrong = { ...anonymous, credentials: async () => ({ headers, tls: { ca: server.authority.ca } }) };
        await expect(connect({ access: wrong }).watch({ service: "x" }).ready).rejects.toMatchObject({
          code: "DISCOVERY_DENIED",
          fix: expect.stringContaining("a token or a client certificate"),
        });
      },
      slow,
    );

    it(
      "a kubeconfig with a client certificate signs in",
      async () => {
        const { cert, key } = await server.authority.client("someone", ["system:masters"]);
        const base64 = (text: string): string => Buffer.from(text).toString("base64");
        const file = path.join(folder, "kubeconfig");
        const cluster = { server: server.url, "certificate-authority-data": base64(server.authority.ca) };
        const user = { "client-certificate-data": base64(cert), "client-key-data": base64(key) };
        const text = stringify({
          apiVersion: "v1",
          kind: "Config",
          "current-context": "real",
          contexts: [{ name: "real", context: { cluster: "real", user: "me", namespace: "watching" } }],
          clusters: [{ name: "real", cluster }],
          users: [{ name: "me", user }],
        });
        writeFileSync(file, text);
        expect(await connect({ access: kubeconfigAccess({ files: [file] }) }).services()).toEqual([]);
      },
      slow,
    );

    it(
      "a watch sees slices come, change, move to another service and back, and go",
      async () => {
        const watcher = connect({ access: server.admin, namespace: "watching" }).watch({ service: "users" });
        expect((await watcher.ready).instances).toEqual([]);
        const states = (): string => (watcher.current?.instances ?? []).map(({ state }) => state).join();
        const a = { ip: "10.1.0.1", uid: "a" };
        await apply(slice("users-1", [a, { ip: "10.1.0.2", uid: "b" }]), "watching");
        await eventually("both are up", () => states() === "up,up");
        await apply(
          slice("users-1", [a, { ip: "10.1.0.2", uid: "b", ready: false, serving: true, terminating: true }]),
          "watching",
        );
        await eventually("one drains", () => states() === "up,draining");
        await apply(slice("users-1", [a], { service: "other" }), "watching");
        await eventually("they are gone", () => states() === "");
        await apply(slice("users-1", [a]), "watching");
        await eventually("one is back", () => states() === "up");
        await remove(slice("users-1", [a]), "watching");
        await eventually("it is gone", () => states() === "");
        expect(watcher.current?.status).toBe("live");
      },
      slow,
    );

    it("a restarted server, which has forgotten the watch's version, costs no gap and leaves no phantom", async () => {
      const a = { ip: "10.1.0.1", uid: "a" };
      const b = { ip: "10.1.0.2", uid: "b" };
      await apply(slice("users-2", [a, b]), "watching");
      const watcher = connect({ access: server.admin, namespace: "watching" }).watch({ service: "users" });
      const seen: Snapshot[] = [];
      const following = (async () => {
        for await (const snapshot of watcher) seen.push(snapshot);
      })();
      await eventually("both show", () => watcher.current?.instances.length === 2);
      const restore = await server.interrupt();
      await eventually("it is stale", () => watcher.current?.status === "stale");
      await apply(slice("users-2", [b, { ip: "10.1.0.3", uid: "c" }]), "watching");
      await server.restart();
      await restore();
      const live = await eventually(
        "it is live and right",
        () =>
          watcher.current?.status === "live" &&
          watcher.current.instances.every(({ id }) => !id.startsWith("pod-a")) &&
          watcher.current,
      );
      expect(live.instances.map(({ endpoints }) => endpoints[0]?.host).sort()).toEqual(["10.1.0.2", "10.1.0.3"]);
      await watcher[Symbol.asyncDispose]();
      await following;
      for (const { instances } of seen) expect(instances.length).toBeGreaterThan(0);
      await remove(slice("users-2", []), "watching");
    }, 180_000);

    it(
      "the entry of a process that is gone is removed by a peer",
      async () => {
        const namespace = "peers";
        const living = await connect({ access: server.admin, namespace, registration: "managed", node: "n1" }).register(
          spec,
        );
        const labels = { "kubernetes.io/service-name": "helpdesk", "app.kubernetes.io/managed-by": "plinth-discovery" };
        await apply(
          {
            apiVersion: "coordination.k8s.io/v1",
            kind: "Lease",
            metadata: { name: "helpdesk-dead", labels },
            spec: { holderIdentity: "dead", leaseDurationSeconds: 1, renewTime: "2020-01-01T00:00:00.000000Z" },
          },
          namespace,
        );
        const dead = slice("helpdesk-dead", [{ ip: "10.1.0.66" }], { service: "helpdesk" });
        await apply(dead, namespace);
        const watcher = connect({ access: server.admin, namespace }).watch({ service: "helpdesk" });
        await eventually("only the living one is left", () => {
          const ids = watcher.current?.instances.map(({ id }) => id) ?? [];
          return ids.includes(living.id) && !ids.includes("10.1.0.66:8080");
        });
      },
      slow,
    );

    describe("the laws of the port hold, with managed registration", () => {
      let nodes = 0;
      const adapter = {
        name: "Kubernetes (real API server), managed",
        async connect() {
          nodes += 1;
          return createKubernetesRegistry({
            access: server.admin,
            namespace: "laws",
            registration: "managed",
            node: `node-${nodes}`,
            env: {},
            backoff: { minMs: 50, maxMs: 500 },
            leaseMs: 3_000,
            resolveTimeoutMs: 2_000,
          });
        },
        interrupt: () => server.interrupt(),
        async wipe() {
          for (const kind of ["EndpointSlice", "Lease"]) {
            const apiVersion = kind === "Lease" ? "coordination.k8s.io/v1" : "discovery.k8s.io/v1";
            const path = `/apis/${apiVersion}/namespaces/laws/${plurals[kind]}`;
            const { items } = await server.ask<{ readonly items: readonly KubernetesObject[] }>({ path });
            for (const { metadata } of items) await remove({ apiVersion, kind, metadata }, "laws").catch(() => {});
          }
        },
        settleMs: 20_000,
      };
      for (const law of registryConformance(adapter)) it(law.name, law.run, slow);
    });
  },
);
