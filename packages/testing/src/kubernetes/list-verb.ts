import { decodeContinue, encodeContinue } from "./continue-token.ts";
import { matchesLabels } from "./label-selector.ts";
import type { ObjectStore } from "./object-store.ts";
import type { RequestTarget } from "./request-path.ts";
import { apiVersionOf, type KubernetesObject, type Resource } from "./resources.ts";
import { badVersion, failure, StatusError, versionTooLarge } from "./statuses.ts";
import type { Answer } from "./write-verbs.ts";

type Entry = readonly [key: string, object: KubernetesObject];

/** Lists objects, in pages where a limit is given. A page goes on with the revision of the first one. */
export class ObjectLister {
  readonly #store: ObjectStore;
  readonly #pinned = new Map<string, readonly Entry[]>();

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  list({ resource, namespace }: RequestTarget, query: URLSearchParams): Answer {
    const revision = versionOf(query.get("resourceVersion"));
    if (revision > this.#store.revision) throw versionTooLarge(revision, this.#store.revision);
    const token = query.get("continue");
    const limit = Number(query.get("limit") ?? 0);
    const selector = query.get("labelSelector") ?? "";
    return token === null
      ? this.#page(resource, namespace, selector, limit, this.#store.revision, "")
      : this.#next(resource, namespace, selector, limit, token);
  }

  #next(resource: Resource, namespace: string, selector: string, limit: number, token: string): Answer {
    const { revision, start } = decodeContinue(token);
    if (revision >= 0 && revision < this.#store.oldest) {
      const fresh = encodeContinue({ revision: -1, start: start.replace(/^\//, "") });
      throw new StatusError({ ...failure(410, "Expired", tokenTooOld), metadata: { continue: fresh } });
    }
    const from = start.startsWith("/") ? start : `/${start}`;
    return this.#page(resource, namespace, selector, limit, revision < 0 ? this.#store.revision : revision, from);
  }

  #page(
    resource: Resource,
    namespace: string,
    selector: string,
    limit: number,
    revision: number,
    start: string,
  ): Answer {
    const prefix = namespace === "" ? "" : `/${namespace}`;
    const pin = `${revision} ${resource.plural} ${namespace}`;
    const all = this.#pinned.get(pin) ?? this.#store.list(resource, namespace);
    const left = all.filter(
      ([key, { metadata }]) => key.slice(prefix.length) >= start && matchesLabels(selector, metadata.labels),
    );
    const page = limit > 0 ? left.slice(0, limit) : left;
    const more = left.length - page.length;
    if (more > 0) this.#pinned.set(pin, all);
    const last = page.at(-1)?.[0] ?? "";
    return {
      code: 200,
      body: {
        kind: `${resource.kind}List`,
        apiVersion: apiVersionOf(resource),
        metadata: {
          resourceVersion: String(revision),
          ...(more > 0 ? { continue: encodeContinue({ revision, start: `${last.slice(prefix.length)}\0` }) } : {}),
          ...(more > 0 && selector === "" ? { remainingItemCount: more } : {}),
        },
        items: page.map(([, { apiVersion: _version, kind: _kind, ...item }]) => item),
      },
    };
  }
}

/** The number in a resourceVersion; 0 where none is given. */
export function versionOf(text: string | null): number {
  if (text === null || text === "") return 0;
  if (!/^\d+$/.test(text)) throw badVersion(text);
  return Number(text);
}

const tokenTooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
  "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
  "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted " +
  "between the time the first chunk was returned and now may show up in the list.";
