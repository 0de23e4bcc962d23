import type { KubernetesObject, Resource } from "./resources.ts";

/** One write. */
export interface Change {
  readonly revision: number;
  readonly resource: Resource;
  /** `undefined` when the object was created. */
  readonly before: KubernetesObject | undefined;
  /** `undefined` when it was deleted. */
  readonly after: KubernetesObject | undefined;
}

/** Objects under one counter of revisions, with the history of their changes. Objects are never changed in place. */
export class ObjectStore {
  revision: number;
  /** Watches can begin at this revision or later ones. */
  oldest: number;
  readonly #objects = new Map<Resource, Map<string, KubernetesObject>>();
  readonly #listeners = new Set<(change: Change) => void>();
  #history: Change[] = [];

  constructor(revision: number) {
    this.revision = revision;
    this.oldest = revision;
  }

  get(resource: Resource, namespace: string, name: string): KubernetesObject | undefined {
    return this.#objects.get(resource)?.get(keyOf(namespace, name));
  }

  /** Objects by key, in order of key; those of all namespaces when `namespace` is empty. */
  list(resource: Resource, namespace: string): readonly (readonly [key: string, object: KubernetesObject])[] {
    return [...(this.#objects.get(resource) ?? [])]
      .filter(([, { metadata }]) => namespace === "" || metadata.namespace === namespace)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Stores the object with the next revision as its resourceVersion. */
  put(resource: Resource, object: KubernetesObject): KubernetesObject {
    this.revision += 1;
    const { name, namespace = "" } = object.metadata;
    const after = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.revision) } };
    const before = this.get(resource, namespace, name);
    const objects = this.#objects.get(resource) ?? new Map<string, KubernetesObject>();
    this.#objects.set(resource, objects);
    objects.set(keyOf(namespace, name), after);
    this.#changed({ revision: this.revision, resource, before, after });
    return after;
  }

  remove(resource: Resource, namespace: string, name: string): void {
    const before = this.get(resource, namespace, name);
    if (before === undefined) return;
    this.revision += 1;
    this.#objects.get(resource)?.delete(keyOf(namespace, name));
    this.#changed({ revision: this.revision, resource, before, after: undefined });
  }

  /** The changes after `revision`, oldest first. */
  since(revision: number): readonly Change[] {
    return this.#history.filter((change) => change.revision > revision);
  }

  /** Forgets the history up to now. */
  compact(): void {
    this.#history = [];
    this.oldest = this.revision;
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(change: Change): void {
    this.#history.push(change);
    for (const listener of [...this.#listeners]) listener(change);
  }
}

function keyOf(namespace: string, name: string): string {
  return `/${namespace}/${name}`;
}
