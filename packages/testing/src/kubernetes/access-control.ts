import type { ObjectStore } from "./object-store.ts";
import type { RequestTarget } from "./request-path.ts";
import { type KubernetesObject, type Resource, resources } from "./resources.ts";
import { forbidden } from "./statuses.ts";

/** Who asks. `system:masters` among the groups may do everything. */
export interface ApiUser {
  readonly name: string;
  readonly groups?: readonly string[];
}

/** Whoever signs in with nothing. */
export const anonymous: ApiUser = { name: "system:anonymous", groups: ["system:unauthenticated"] };

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/**
 * Checks a request against the Roles and RoleBindings that the store holds.
 *
 * @throws StatusError 403.
 */
export function checkAccess(store: ObjectStore, user: ApiUser, verb: string, target: RequestTarget): void {
  const { resource, namespace, name, subresource } = target;
  if (user.groups?.includes("system:masters") || allowed(store, user, verb, target)) return;
  const asked = subresource === "" ? resource : { ...resource, plural: `${resource.plural}/${subresource}` };
  throw forbidden(asked, user.name, verb, namespace, name);
}

function allowed(store: ObjectStore, user: ApiUser, verb: string, target: RequestTarget): boolean {
  const { namespace, resource, name, subresource } = target;
  if (namespace === "") return false;
  const plural = subresource === "" ? resource.plural : `${resource.plural}/${subresource}`;
  const names = store
    .list(byKind("RoleBinding"), namespace)
    .filter(([, binding]) => ((binding.subjects ?? []) as Subject[]).some((subject) => is(subject, user, namespace)))
    .map(([, binding]) => (binding.roleRef as { readonly name: string }).name);
  return names
    .flatMap((role) => (store.get(byKind("Role"), namespace, role) as KubernetesObject | undefined)?.rules ?? [])
    .some((given) => {
      const rule = given as Rule;
      return (
        covers(rule.apiGroups, resource.group) &&
        covers(rule.resources, plural) &&
        covers(rule.verbs, verb) &&
        (rule.resourceNames === undefined || rule.resourceNames.includes(name))
      );
    });
}

function is(subject: Subject, user: ApiUser, namespace: string): boolean {
  if (subject.kind === "Group") return user.groups?.includes(subject.name) ?? false;
  if (subject.kind === "User") return subject.name === user.name;
  return user.name === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
}

function covers(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function byKind(kind: string): Resource {
  return resources.find((resource) => resource.kind === kind) as Resource;
}
