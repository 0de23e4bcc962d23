import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { ApiUser } from "./access-control.ts";
import { ApiHandler } from "./api-handler.ts";
import type { ApiRequest, Fault } from "./faults.ts";
import { ObjectStore } from "./object-store.ts";
import type { OpenWatch } from "./open-watch.ts";
import { type KubernetesObject, resourceOf } from "./resources.ts";
import { createObject, deleteObject, updateObject } from "./write-verbs.ts";

/** How the simulator is started. */
export interface KubernetesApiOptions {
  /** The revision of the empty store. Default 1. */
  readonly revision?: number;
  /** `rbac`: what Roles and RoleBindings allow. Default `open`: everybody may do everything. */
  readonly authorization?: "open" | "rbac";
  /** Users by bearer token. With any, other tokens are refused with 401. */
  readonly tokens?: Readonly<Record<string, ApiUser>>;
  /** Serves HTTPS. Client certificates that `ca` signed sign in as their common name. All PEM. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
}

/** A Kubernetes API server for tests: lists, watches and writes as the recorded exchanges show them, over real HTTP. */
export interface KubernetesApi extends AsyncDisposable {
  /** `http://127.0.0.1:40123`; stays the same over an interruption. */
  readonly url: string;
  readonly revision: number;
  /** Every request that came, in order. */
  readonly requests: readonly ApiRequest[];
  /** The watches that are open, oldest first. */
  readonly watches: readonly OpenWatch[];
  /** Users by token; can be changed while it runs. */
  readonly tokens: Map<string, ApiUser>;
  /** Creates or replaces an object, as an administrator. Its namespace is `default` where it names none. */
  put(object: KubernetesObject): KubernetesObject;
  get(apiVersion: string, kind: string, namespace: string, name: string): KubernetesObject | undefined;
  list(apiVersion: string, kind: string, namespace?: string): readonly KubernetesObject[];
  remove(apiVersion: string, kind: string, namespace: string, name: string): void;
  /** Lets the revision grow, as writes to other objects do. */
  advance(revision: number): void;
  /** Forgets the history: watches from before, and lists half read, get 410. */
  compact(): void;
  /** Sends a bookmark on each open watch that asked for them. */
  bookmark(): void;
  /** Asks `fault` before each answer, until the returned function is called. The latest that returns one counts. */
  fail(fault: (request: ApiRequest) => Fault | undefined): () => void;
  /** Cuts all connections and refuses new ones until the returned function is called. */
  interrupt(): Promise<() => Promise<void>>;
}

/** Starts the simulator on a free port. */
export async function startKubernetesApi(options: KubernetesApiOptions = {}): Promise<KubernetesApi> {
  const store = new ObjectStore(options.revision ?? 1);
  const tokens = new Map(Object.entries(options.tokens ?? {}));
  const handler = new ApiHandler(store, tokens, options.authorization ?? "open");
  const sockets = new Set<Socket>();
  const { host = "127.0.0.1", tls } = options;

  let server = await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `${tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`;

  async function listen(on: number): Promise<Server> {
    const answer = (request: IncomingMessage, response: Parameters<ApiHandler["answer"]>[1]): void => {
      void handler.answer(request, response);
    };
    const made =
      tls === undefined
        ? createServer(answer)
        : createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, answer);
    made.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    });
    await new Promise<void>((resolve, reject) => {
      made.once("error", reject).listen(on, host, resolve);
    });
    return made;
  }

  async function close(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  function targetOf(apiVersion: string, kind: string, namespace: string, name: string) {
    const resource = resourceOf(apiVersion, kind);
    if (resource === undefined) throw new RangeError(`the simulator knows no ${kind} of ${apiVersion}`);
    return { resource, namespace: resource.namespaced ? namespace : "", name, subresource: "" };
  }

  return {
    url,
    get revision() {
      return store.revision;
    },
    requests: handler.requests,
    get watches() {
      return [...handler.watches];
    },
    tokens,
    put(object) {
      const { apiVersion, kind, metadata } = object;
      const target = targetOf(apiVersion, kind, metadata.namespace ?? "default", metadata.name);
      const known = store.get(target.resource, target.namespace, target.name) !== undefined;
      const { resourceVersion: _version, ...unversioned } = metadata;
      const body = { ...object, metadata: unversioned };
      const answer = known
        ? updateObject(store, target, body, new Date(), "test")
        : createObject(store, { ...target, name: "" }, body, new Date(), "test");
      return answer.body as KubernetesObject;
    },
    get(apiVersion, kind, namespace, name) {
      const target = targetOf(apiVersion, kind, namespace, name);
      return store.get(target.resource, target.namespace, name);
    },
    list: (apiVersion, kind, namespace = "") =>
      store.list(targetOf(apiVersion, kind, namespace, "").resource, namespace).map(([, object]) => object),
    remove(apiVersion, kind, namespace, name) {
      deleteObject(store, targetOf(apiVersion, kind, namespace, name), undefined);
    },
    advance(revision) {
      store.revision = Math.max(store.revision, revision);
    },
    compact: () => store.compact(),
    bookmark() {
      for (const watch of [...handler.watches]) watch.bookmark(store.revision);
    },
    fail(fault) {
      handler.faults.unshift(fault);
      return () => {
        const index = handler.faults.indexOf(fault);
        if (index >= 0) handler.faults.splice(index, 1);
      };
    },
    async interrupt() {
      await close();
      return async () => {
        server = await listen(port);
      };
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await close();
    },
  };
}
