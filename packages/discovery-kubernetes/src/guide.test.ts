import type { RegistrationSpec } from "@plinth/discovery";
import { type KubernetesApi, type KubernetesObject, startKubernetesApi } from "@plinth/testing/kubernetes";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { managedRules, roleText, watchingRules } from "./api/roles.ts";
import { eventually, plainAccess, slice } from "./cluster.fixture.ts";
import { guideFiles, manifestIn, manifestsIn } from "./guide.fixture.ts";
import { createKubernetesRegistry, type KubernetesRegistryOptions } from "./kubernetes-registry.ts";

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } };
}

interface DeploymentSpec {
  readonly replicas: number;
  readonly selector: { readonly matchLabels: object };
  readonly template: {
    readonly metadata: { readonly labels: object };
    readonly spec: {
      readonly serviceAccountName: string;
      readonly terminationGracePeriodSeconds: number;
      readonly containers: readonly [Container];
    };
  };
}

const spec: RegistrationSpec = { service: "helpdesk", endpoints: [{ name: "http", protocol: "http", port: 8080 }] };
const pod = { name: "helpdesk-1", uid: "u-1", ip: "10.1.0.9" };

describe("the manifests of the guide fit together", () => {
  const deployment = manifestIn("deployment.yaml").spec as DeploymentSpec;
  const [container] = deployment.template.spec.containers;
  const service = manifestIn("service.yaml").spec as {
    readonly selector: object;
    readonly ports: readonly { readonly name: string; readonly targetPort: string }[];
  };

  it("the Service selects the Deployment's pods, and leads to a port that they have", () => {
    expect(deployment.template.metadata.labels).toMatchObject(service.selector);
    expect(deployment.selector.matchLabels).toEqual(deployment.template.metadata.labels);
    for (const { targetPort } of service.ports) {
      expect(container.ports.map(({ name }) => name)).toContain(targetPort);
    }
    // Adopting compares names and numbers with what the platform registers.
    expect(service.ports.map(({ name }) => name)).toEqual(["http"]);
    expect(container.ports).toEqual([{ name: "http", containerPort: 8080 }]);
    expect(deployment.replicas).toBeGreaterThan(1);
  });

  it("the probes ask what is meant for them", () => {
    expect(container.startupProbe?.httpGet).toEqual({ path: "/livez", port: "http" });
    expect(container.livenessProbe?.httpGet).toEqual({ path: "/livez", port: "http" });
    expect(container.readinessProbe?.httpGet).toEqual({ path: "/readyz", port: "http" });
  });

  it("the pod has time for the grace before SIGTERM, and for the platform's whole stop", () => {
    const { seconds } = container.lifecycle.preStop.sleep;
    expect(seconds).toBeGreaterThan(0);
    expect(deployment.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(seconds + 30);
  });

  it("the pod knows who it is", () => {
    const fields = Object.fromEntries(container.env.map(({ name, valueFrom }) => [name, valueFrom]));
    expect(fields).toMatchObject({
      POD_NAME: { fieldRef: { fieldPath: "metadata.name" } },
      POD_UID: { fieldRef: { fieldPath: "metadata.uid" } },
      POD_IP: { fieldRef: { fieldPath: "status.podIP" } },
    });
  });

  it.each([
    ["role.yaml", "role-binding.yaml", watchingRules],
    ["managed/role.yaml", "managed/role-binding.yaml", managedRules],
  ] as const)(
    "%s holds the rights that errors print, and %s gives them to the pods",
    (roleFile, bindingFile, rules) => {
      const role = manifestIn(roleFile);
      const binding = manifestIn(bindingFile);
      const account = manifestIn("service-account.yaml").metadata.name;
      expect(role.rules).toEqual(rules);
      expect(binding.roleRef).toEqual({
        apiGroup: "rbac.authorization.k8s.io",
        kind: "Role",
        name: role.metadata.name,
      });
      expect(binding.subjects).toEqual([{ kind: "ServiceAccount", name: account }]);
      expect(deployment.template.spec.serviceAccountName).toBe(account);
      const user = `system:serviceaccount:demo:${account}`;
      const [printedRole, printedBinding] = manifestsIn(roleText(role.metadata.name, "demo", rules, user));
      expect(printedRole).toEqual({ ...role, metadata: { ...role.metadata, namespace: "demo" } });
      expect(printedBinding).toEqual({
        ...binding,
        metadata: { ...binding.metadata, namespace: "demo" },
        subjects: [{ kind: "ServiceAccount", name: account, namespace: "demo" }],
      });
    },
  );
});

describe("with the rights of the guide and no others", () => {
  let api: KubernetesApi;

  beforeEach(async () => {
    api = await startKubernetesApi({
      authorization: "rbac",
      tokens: {
        admin: { name: "admin", groups: ["system:masters"] },
        pod: { name: "system:serviceaccount:demo:helpdesk" },
      },
    });
    await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "demo" } });
  });

  afterEach(() => api[Symbol.asyncDispose]());

  /** What `kubectl apply` does, by an administrator. */
  async function apply(object: KubernetesObject): Promise<void> {
    const { apiVersion, kind } = object;
    const plural = kind === "Namespace" ? "namespaces" : `namespaces/demo/${kind.toLowerCase()}s`;
    const answer = await fetch(`${api.url}/${apiVersion === "v1" ? "api" : "apis"}/${apiVersion}/${plural}`, {
      method: "POST",
      headers: { authorization: "Bearer admin", "content-type": "application/json" },
      body: JSON.stringify(object),
    });
    expect(await answer.json()).toMatchObject({ kind, metadata: { name: object.metadata.name } });
  }

  function connect(options: Partial<KubernetesRegistryOptions> = {}) {
    return createKubernetesRegistry({
      access: plainAccess(api.url, "pod", "demo"),
      pod,
      env: {},
      leaseMs: 300,
      adoptDeadlineMs: 500,
      readiness: {
        set(ready) {
          const made = slice("helpdesk-abc", [{ ip: pod.ip, uid: pod.uid, pod: pod.name, ready }], {
            service: "helpdesk",
          });
          api.put({ ...made, metadata: { ...made.metadata, namespace: "demo" } });
        },
      },
      ...options,
    });
  }

  /** The rights that the pod's requests took, as `verb resource`. */
  function used(): Set<string> {
    const own = api.requests.filter(({ user }) => user?.startsWith("system:serviceaccount"));
    return new Set(own.map(({ verb, resource }) => `${verb} ${resource}`));
  }

  function given(
    rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[],
  ): string[] {
    return rules.flatMap(({ resources, verbs }) => verbs.map((verb) => `${verb} ${resources[0]}`));
  }

  it("a pod finds services, registers by being adopted, and asks for nothing else", async () => {
    for (const file of guideFiles) if (!file.startsWith("managed/")) await apply(manifestIn(file));
    await using registry = connect();
    const registration = await registry.register(spec);
    expect(registration.state).toBe("registered");
    expect((await registry.resolve({ service: "helpdesk" })).instances).toHaveLength(1);
    expect(await registry.services()).toEqual(["helpdesk"]);
    await eventually("it watches", () => api.watches.length === 1);
    for (const right of used()) expect(given(watchingRules)).toContain(right);
  });

  it("a pod manages its registration, and asks for exactly these rights", async () => {
    for (const file of guideFiles) await apply(manifestIn(file));
    const registry = connect({ registration: "managed" });
    const registration = await registry.register(spec);
    expect(registration.state).toBe("registered");
    await eventually(
      "it watches and looks for dead peers",
      () => used().has("list leases") && api.watches.length === 1,
    );
    await registry[Symbol.asyncDispose]();
    // Creating is part of an apply: the server asks for the right without a request of its own.
    const all = [...used(), "create endpointslices", "create leases"].sort();
    expect(all).toEqual([...given(watchingRules), ...given(managedRules)].sort());
  });

  it("the Role that a denial prints is the one that heals it", async () => {
    await using registry = connect({ registration: "managed", backoff: { minMs: 10, maxMs: 20 } });
    const denied = await registry.register(spec).then(
      () => undefined,
      (error: { readonly code: string; readonly fix: string }) => error,
    );
    expect(denied?.code).toBe("DISCOVERY_DENIED");
    for (const object of manifestsIn(denied?.fix.slice(denied.fix.indexOf("\n")) ?? "")) await apply(object);
    const reading = await registry.services().then(
      () => undefined,
      (error: { readonly code: string; readonly fix: string }) => error,
    );
    expect(reading?.code).toBe("DISCOVERY_DENIED");
    for (const object of manifestsIn(reading?.fix.slice(reading.fix.indexOf("\n")) ?? "")) await apply(object);
    expect((await registry.register(spec)).state).toBe("registered");
    expect(await registry.services()).toEqual(["helpdesk"]);
  });
});
