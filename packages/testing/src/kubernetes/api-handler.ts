import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { type ApiUser, anonymous, checkAccess } from "./access-control.ts";
import { type ApiRequest, carryOut, type Fault } from "./faults.ts";
import { ObjectLister, versionOf } from "./list-verb.ts";
import type { ObjectStore } from "./object-store.ts";
import { OpenWatch } from "./open-watch.ts";
import { type RequestTarget, targetOf } from "./request-path.ts";
import { badRequest, expired, failure, notFound, StatusError, unauthorized, unknownPath } from "./statuses.ts";
import { type Answer, type Body, createObject, deleteObject, patchObject, updateObject } from "./write-verbs.ts";

const version = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.0-simulator",
  gitCommit: "",
  gitTreeState: "",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "",
  platform: "linux/amd64",
};

/** Answers requests: who asks, may they, faults of the test, then the verb. */
export class ApiHandler {
  readonly requests: ApiRequest[] = [];
  readonly watches = new Set<OpenWatch>();
  readonly faults: ((request: ApiRequest) => Fault | undefined)[] = [];
  readonly #store: ObjectStore;
  readonly #tokens: ReadonlyMap<string, ApiUser>;
  readonly #authorization: "open" | "rbac";
  readonly #lister: ObjectLister;

  constructor(store: ObjectStore, tokens: ReadonlyMap<string, ApiUser>, authorization: "open" | "rbac") {
    this.#store = store;
    this.#tokens = tokens;
    this.#authorization = authorization;
    this.#lister = new ObjectLister(store);
    store.onChange((change) => {
      for (const watch of [...this.watches]) watch.tell(change);
    });
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? "/", "http://localhost");
      const target = targetOf(url.pathname);
      const verb = target === undefined ? "" : verbOf(request.method ?? "GET", target, url.searchParams);
      const user = this.#userOf(request);
      const body = await readBody(request);
      const seen = requestOf(request, url, verb, target, user);
      this.requests.push(seen);
      for (const find of [...this.faults]) {
        const fault = find(seen);
        if (fault === undefined) continue;
        if (!(await carryOut(fault, response))) return;
        break;
      }
      if (user === undefined) throw unauthorized();
      if (url.pathname === "/version") return send(response, { code: 200, body: version });
      if (target === undefined) throw unknownPath();
      if (this.#authorization === "rbac") this.#checkAccess(user, verb, target);
      if (verb === "watch") this.#watch(response, target, url.searchParams);
      else send(response, this.#carryOut(verb, target, url.searchParams, body, request));
    } catch (error) {
      // The client went away before its request was whole.
      if (request.destroyed && !request.complete) return;
      const { status, headers } = error instanceof StatusError ? error : crashed(error);
      send(response, { code: status.code ?? 500, body: status, headers });
    }
  }

  #checkAccess(user: ApiUser, verb: string, target: RequestTarget): void {
    checkAccess(this.#store, user, verb, target);
    const { resource, namespace, name } = target;
    // An apply of an object that is not there yet creates it.
    if (verb === "patch" && this.#store.get(resource, namespace, name) === undefined) {
      checkAccess(this.#store, user, "create", target);
    }
  }

  #userOf(request: IncomingMessage): ApiUser | undefined {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token !== undefined) {
      return this.#tokens.get(token) ?? (this.#tokens.size === 0 ? anonymous : undefined);
    }
    const socket = request.socket as Partial<TLSSocket>;
    const subject = socket.authorized ? socket.getPeerCertificate?.().subject : undefined;
    return subject === undefined ? anonymous : { name: String(subject.CN), groups: [subject.O ?? []].flat() };
  }

  #carryOut(
    verb: string,
    target: RequestTarget,
    query: URLSearchParams,
    text: string,
    { headers }: IncomingMessage,
  ): Answer {
    const body = parsed(text);
    const store = this.#store;
    const now = new Date();
    const manager = query.get("fieldManager") ?? "unknown";
    switch (verb) {
      case "list":
        return this.#lister.list(target, query);
      case "get": {
        const object = store.get(target.resource, target.namespace, target.name);
        if (object === undefined) throw notFound(target.resource, target.name);
        return { code: 200, body: object };
      }
      case "create":
        return createObject(store, target, body ?? {}, now, manager);
      case "update":
        return updateObject(store, target, body ?? {}, now, manager);
      case "patch": {
        const type = headers["content-type"] ?? "";
        if (type.startsWith("application/apply-patch") && !query.has("fieldManager")) {
          throw badRequest(
            'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
          );
        }
        return patchObject(store, target, type, body ?? {}, now, manager);
      }
      case "delete":
        return deleteObject(store, target, body);
      default:
        throw unknownPath();
    }
  }

  #watch(response: ServerResponse, target: RequestTarget, query: URLSearchParams): void {
    const asked = query.get("resourceVersion") ?? "";
    const revision = versionOf(asked);
    const selector = query.get("labelSelector") ?? "";
    const bookmarks = query.get("allowWatchBookmarks") === "true";
    const timeoutMs = Number(query.get("timeoutSeconds") ?? 1800) * 1000;
    const store = this.#store;
    const watch = new OpenWatch(response, target, { selector, bookmarks, timeoutMs }, () => this.watches.delete(watch));
    if (revision === 0 || query.get("sendInitialEvents") === "true") {
      for (const [, object] of store.list(target.resource, target.namespace)) {
        watch.tell({ revision: store.revision, resource: target.resource, before: undefined, after: object });
      }
      watch.bookmark(store.revision, true);
    } else if (revision < store.oldest) {
      watch.send({ type: "ERROR", object: expired(revision, store.oldest) });
      watch.end();
      return;
    } else {
      for (const change of store.since(revision)) watch.tell(change);
    }
    // From a revision that is yet to come nothing is told, as the recorded server does.
    if (revision <= store.revision) this.watches.add(watch);
  }
}

function verbOf(method: string, { name }: RequestTarget, query: URLSearchParams): string {
  if (method === "GET") return name !== "" ? "get" : query.get("watch") === "true" ? "watch" : "list";
  return { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" }[method] ?? "";
}

function requestOf(
  request: IncomingMessage,
  url: URL,
  verb: string,
  target: RequestTarget | undefined,
  user: ApiUser | undefined,
): ApiRequest {
  const { resource, namespace = "", name = "", subresource = "" } = target ?? {};
  return {
    verb,
    resource: `${resource?.plural ?? ""}${subresource === "" ? "" : `/${subresource}`}`,
    group: resource?.group ?? "",
    namespace,
    name,
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    user: user?.name,
    authorization: request.headers.authorization,
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function crashed(error: unknown): StatusError {
  return new StatusError(failure(500, "InternalError", `the simulator failed: ${String(error)}`));
}

function parsed(text: string): Body | undefined {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as Body;
  } catch {
    throw badRequest("the body of the request is no JSON");
  }
}

function send(response: ServerResponse, { code, body, headers = {} }: Answer): void {
  response.writeHead(code, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
