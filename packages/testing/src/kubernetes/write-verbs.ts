import { isDeepStrictEqual } from "node:util";
import { withDefaults } from "./defaults.ts";
import { managedFieldsAfter, type Writer } from "./managed-fields.ts";
import { mergePatch, mergeStatus } from "./merge-patch.ts";
import type { ObjectStore } from "./object-store.ts";
import type { RequestTarget } from "./request-path.ts";
import { apiVersionOf, type KubernetesObject, type ObjectMeta } from "./resources.ts";
import { alreadyExists, badRequest, conflict, deleted, invalid, notFound, type Status } from "./statuses.ts";
import { problemsOf } from "./validation.ts";

/** What a verb answers with. */
export interface Answer {
  readonly code: number;
  readonly body: KubernetesObject | Status | Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body as it came: nothing of it is certain. */
export type Body = Readonly<Record<string, unknown>> & { readonly metadata?: Partial<ObjectMeta> };

export function createObject(
  store: ObjectStore,
  target: RequestTarget,
  body: Body,
  now: Date,
  manager: string,
): Answer {
  const { resource, namespace } = target;
  const name = body.metadata?.name ?? "";
  if (store.get(resource, namespace, name) !== undefined) throw alreadyExists(resource, name);
  const writer: Writer = { manager, operation: "Update", subresource: "" };
  return { code: 201, ...written(store, { ...target, name }, body, now, writer) };
}

export function updateObject(
  store: ObjectStore,
  target: RequestTarget,
  body: Body,
  now: Date,
  manager: string,
): Answer {
  const { resource, namespace, name } = target;
  if (store.get(resource, namespace, name) === undefined) throw notFound(resource, name);
  return { code: 200, ...written(store, target, body, now, { manager, operation: "Update", subresource: "" }) };
}

/** Merge patches, strategic merge patches of a status, and server-side apply with the fields given put over those there. */
export function patchObject(
  store: ObjectStore,
  target: RequestTarget,
  type: string,
  body: Body,
  now: Date,
  manager: string,
): Answer {
  const { resource, namespace, name, subresource } = target;
  const before = store.get(resource, namespace, name);
  const apply = type.startsWith("application/apply-patch");
  if (before === undefined && !apply) throw notFound(resource, name);
  const merge = subresource === "status" ? mergeStatus : mergePatch;
  const after = merge(before ?? {}, body) as Body;
  const asked = body.metadata?.resourceVersion;
  const metadata = { ...after.metadata, ...(asked === undefined ? {} : { resourceVersion: asked }) };
  const writer: Writer = { manager, operation: apply ? "Apply" : "Update", subresource };
  return {
    code: before === undefined ? 201 : 200,
    ...written(store, target, { ...after, metadata }, now, writer, body),
  };
}

export function deleteObject(store: ObjectStore, target: RequestTarget, body: Body | undefined): Answer {
  const { resource, namespace, name } = target;
  const before = store.get(resource, namespace, name);
  if (before === undefined) throw notFound(resource, name);
  const wanted = (body?.preconditions ?? {}) as { readonly uid?: string; readonly resourceVersion?: string };
  for (const [field, label] of [
    ["uid", "UID"],
    ["resourceVersion", "ResourceVersion"],
  ] as const) {
    const is = before.metadata[field];
    if (wanted[field] !== undefined && wanted[field] !== is) {
      const why = `Precondition failed: ${label} in precondition: ${wanted[field]}, ${label} in object meta: ${is}`;
      throw conflict(resource, name, why);
    }
  }
  store.remove(resource, namespace, name);
  return { code: 200, body: deleted(resource, name, before.metadata.uid ?? "") };
}

function written(
  store: ObjectStore,
  target: RequestTarget,
  body: Body,
  now: Date,
  writer: Writer,
  fields: Body = body,
): Omit<Answer, "code"> {
  const { resource, namespace, name } = target;
  if (name === "") throw badRequest("name or generateName is required");
  const before = store.get(resource, namespace, name);
  const asked = body.metadata?.resourceVersion;
  if (before !== undefined && asked !== undefined && asked !== before.metadata.resourceVersion)
    throw conflict(resource, name);
  const given: KubernetesObject = {
    ...body,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: {
      ...body.metadata,
      name,
      ...(namespace === "" ? {} : { namespace }),
      uid: before?.metadata.uid ?? crypto.randomUUID(),
      creationTimestamp: before?.metadata.creationTimestamp ?? seconds(now),
      ...(before?.metadata.resourceVersion === undefined ? {} : { resourceVersion: before.metadata.resourceVersion }),
    },
  };
  const full = withDefaults(resource, given, store.revision + 1);
  const problems = problemsOf(resource, full);
  if (problems.length > 0) throw invalid(resource, name, problems);
  if (before !== undefined && isDeepStrictEqual(withoutFields(before), withoutFields(full))) return { body: before };
  const generation = (before?.metadata.generation ?? 0) + 1;
  const managedFields = managedFieldsAfter(
    before?.metadata.managedFields,
    writer,
    apiVersionOf(resource),
    seconds(now),
    fields,
  );
  const stored = store.put(resource, {
    ...full,
    metadata: {
      ...full.metadata,
      ...(resource.generation === "none" ? {} : { generation: resource.generation === "always" ? generation : 1 }),
      managedFields,
    },
  });
  const old = resource.kind === "EndpointSlice" && stored.addressType === "FQDN";
  return old
    ? { body: stored, headers: { warning: '299 - "spec.addressType: FQDN endpoints are deprecated"' } }
    : { body: stored };
}

function withoutFields({ metadata, ...rest }: KubernetesObject): unknown {
  const { managedFields: _managed, generation: _generation, ...kept } = metadata;
  return structuredClone({ ...rest, metadata: kept });
}

function seconds(now: Date): string {
  return now.toISOString().replace(/\.\d+Z$/, "Z");
}
