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
  #leaseVersion: string | undefined;

  constructor(client: ApiClient, identity: ManagedIdentity, attempt: Attempt) {
    this.#client = client;
    this.#identity = identity;
    this.#attempt = attempt;
  }

  async putSlice(slice: EndpointSlice): Promise<void> {
    await this.#apply(this.#slicePath, slice);
  }

  async putLease(lease: Lease): Promise<void> {
    const { metadata } = await this.#apply<Lease>(this.#leasePath, lease);
    this.#leaseVersion = metadata.resourceVersion;
  }

  /** @throws ApiError 404 when the lease is gone, 409 when somebody else has written it. */
  async renewLease(now: number): Promise<void> {
    const { metadata } = await this.#client.call<Lease>(
      {
        method: "PATCH",
        path: this.#leasePath,
        query: { fieldManager },
        contentType: "application/merge-patch+json",
        body: { metadata: { resourceVersion: this.#leaseVersion }, spec: { renewTime: microTime(now) } },
      },
      never(),
    );
    this.#leaseVersion = metadata.resourceVersion;
  }

  /** Whether another process keeps the entry. */
  async isTaken(): Promise<boolean> {
    const slice = await this.#read();
    return slice !== undefined && factsOf(slice)?.holder !== this.#identity.holder;
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
      const slice = await this.#read();
      if (slice === undefined) return true;
      if (factsOf(slice)?.holder !== this.#identity.holder) return false;
      const { uid, resourceVersion } = slice.metadata;
      try {
        const preconditions = { uid, resourceVersion };
        await this.#delete(this.#slicePath, { apiVersion: "v1", kind: "DeleteOptions", preconditions });
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

  #read(): Promise<EndpointSlice | undefined> {
    return found(this.#client.call<EndpointSlice>({ path: this.#slicePath }, never()));
  }

  async #apply<T>(path: string, body: unknown): Promise<T> {
    const query = { fieldManager, force: "true" };
    const contentType = "application/apply-patch+yaml";
    try {
      return await this.#client.call<T>({ method: "PATCH", path, query, contentType, body }, never());
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
