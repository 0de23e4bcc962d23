import type { ApiClient } from "../api/api-client.ts";
import { ApiError } from "../api/api-error.ts";
import { type Attempt, apiFault } from "../api/api-fault.ts";
import type { EndpointSlice, Lease } from "../api/objects.ts";
import { factsOf } from "../slices/instance-annotation.ts";
import { slicesPath } from "../slices/slices-path.ts";
import { type ManagedIdentity, microTime } from "./managed-objects.ts";

const fieldManager = "plinth-discovery";

/** Where the Leases of a namespace are. */
export function leasesPath(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
}

/**
 * Writes the two objects of one instance. A write that has begun is never aborted, but only bounded in time: the server
 * might carry it out after the removal that follows, and leave an orphan.
 */
export class ManagedApi {
  readonly #client: ApiClient;
  readonly #identity: ManagedIdentity;
  readonly #attempt: Attempt;

  constructor(client: ApiClient, identity: ManagedIdentity, attempt: Attempt) {
    this.#client = client;
    this.#identity = identity;
    this.#attempt = attempt;
  }

  async putSlice(slice: EndpointSlice): Promise<void> {
    await this.#apply(this.#slicePath, slice);
  }

  async putLease(lease: Lease): Promise<void> {
    await this.#apply(this.#leasePath, lease);
  }

  /** @throws ApiError 404 when the lease is gone. */
  async renewLease(now: number): Promise<void> {
    await this.#client.call(
      {
        method: "PATCH",
        path: this.#leasePath,
        query: { fieldManager },
        contentType: "application/merge-patch+json",
        body: { spec: { renewTime: microTime(now) } },
      },
      never(),
    );
  }

  /** Deletes both. An entry that another process has taken over stays. */
  async remove(): Promise<void> {
    try {
      if (await this.#removeSlice()) await this.#delete(this.#leasePath);
    } catch (error) {
      throw apiFault(error, { ...this.#attempt, action: `deregister "${this.#identity.id}"` });
    }
  }

  /** Resolves with whether the entry was this process's own, or nobody's. */
  async #removeSlice(): Promise<boolean> {
    for (;;) {
      const slice = await found(this.#client.call<EndpointSlice>({ path: this.#slicePath }, never()));
      if (slice === undefined) return true;
      if (factsOf(slice)?.holder !== this.#identity.holder) return false;
      const { uid, resourceVersion } = slice.metadata;
      try {
        await this.#delete(this.#slicePath, { preconditions: { uid, resourceVersion } });
        return true;
      } catch (error) {
        // Changed since it was read: look again whose it is.
        if (!(error instanceof ApiError && error.code === 409)) throw error;
      }
    }
  }

  async #delete(path: string, body?: unknown): Promise<void> {
    await found(this.#client.call({ method: "DELETE", path, ...(body === undefined ? {} : { body }) }, never()));
  }

  async #apply(path: string, body: unknown): Promise<void> {
    const query = { fieldManager, force: "true" };
    const contentType = "application/apply-patch+yaml";
    try {
      await this.#client.call({ method: "PATCH", path, query, contentType, body }, never());
    } catch (error) {
      throw apiFault(error, this.#attempt);
    }
  }

  get #slicePath(): string {
    return `${slicesPath(this.#identity.namespace)}/${this.#identity.name}`;
  }

  get #leasePath(): string {
    return `${leasesPath(this.#identity.namespace)}/${this.#identity.name}`;
  }
}

/** What a call gives; `undefined` when the server has no such object. */
export async function found<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

/** The limit of time that each call has is the only one. */
function never(): AbortSignal {
  return new AbortController().signal;
}
