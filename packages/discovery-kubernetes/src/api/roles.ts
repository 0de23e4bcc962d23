/** One rule of a Role. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What reading takes, and adopting: nothing is written. */
export const watchingRules: readonly RoleRule[] = [
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
];

/** What managed registrations take besides. */
export const managedRules: readonly RoleRule[] = [
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["create", "patch", "delete"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["list", "create", "patch", "delete"] },
];

/** Whom a 403 is about, as its message says. */
export function subjectOf(message: string): string | undefined {
  return /User "(?<user>[^"]+)" cannot/.exec(message)?.groups?.user;
}

/**
 * A Role and its RoleBinding as YAML, ready for `kubectl apply -f -`.
 *
 * @param user The name under which the API server knows the asker; `system:serviceaccount:NAMESPACE:NAME` for pods.
 */
export function roleText(
  name: string,
  namespace: string,
  rules: readonly RoleRule[],
  user: string | undefined,
): string {
  return [
    "apiVersion: rbac.authorization.k8s.io/v1",
    "kind: Role",
    `metadata: { name: ${name}, namespace: ${namespace} }`,
    "rules:",
    ...rules.map(
      ({ apiGroups, resources, verbs }) =>
        `  - { apiGroups: [${apiGroups.join(", ")}], resources: [${resources.join(", ")}], verbs: [${verbs.join(", ")}] }`,
    ),
    "---",
    "apiVersion: rbac.authorization.k8s.io/v1",
    "kind: RoleBinding",
    `metadata: { name: ${name}, namespace: ${namespace} }`,
    `roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name} }`,
    `subjects: [${subjectText(user, namespace)}]`,
  ].join("\n");
}

function subjectText(user: string | undefined, namespace: string): string {
  const account = /^system:serviceaccount:(?<space>[^:]+):(?<name>[^:]+)$/.exec(user ?? "")?.groups;
  if (account) return `{ kind: ServiceAccount, name: ${account.name}, namespace: ${account.space} }`;
  if (user === undefined) return `{ kind: ServiceAccount, name: default, namespace: ${namespace} }`;
  return `{ kind: User, apiGroup: rbac.authorization.k8s.io, name: ${JSON.stringify(user)} }`;
}
