import { defineErrors } from "./define.ts";

/** Service registries, and calling the instances found in them. */
export const discoveryErrors = defineErrors({
  DISCOVERY_INVALID: {
    message: "the registry cannot take this: {reason}",
    fix: "Correct the registration or the query; asking again does not help.",
    why: "A name, an address or another part has a form that no registry accepts, or that this registry does not.",
  },
  DISCOVERY_DENIED: {
    message: "the registry at {registry} refused to {action}: {reason}",
    fix: "Grant what is missing: {grant}",
    why: "The credentials are missing, wrong or lack a right. What was known before is kept, and the registry is asked again from time to time.",
  },
  DISCOVERY_ABORTED: {
    message: "gave up before it could {action}: {reason}",
    fix: "Nothing to mend: the caller aborted it, or the registry was closed.",
    why: "A signal was aborted, or the watcher or the whole registry was disposed of, while this was under way.",
  },
  DISCOVERY_UNAVAILABLE: {
    message: "the registry at {registry} could not {action}: {reason}",
    fix: "Check that the registry runs and can be reached from here. It is asked again without your doing.",
    why: "The connection failed, or the registry answered that it cannot serve now. Watchers keep what they knew and mark it as stale.",
  },
  DISCOVERY_THROTTLED: {
    message: "the registry at {registry} asks for fewer requests: {reason}",
    fix: "Nothing to mend at first: requests slow down. If it lasts, raise the registry's limits.",
    why: "The registry answered 429 or the like.",
  },
  DISCOVERY_TIMEOUT: {
    message: "the registry at {registry} did not {action} within {limit} ms",
    fix: "Check the registry's load and the way to it, or allow more time.",
    why: "Every wait for a registry is bounded, so that its failure does not become the caller's.",
  },
  DISCOVERY_STALE: {
    message: 'what is known of service "{service}" is {age} ms old, more than the {limit} ms allowed',
    fix: "Check why the registry cannot be reached, or allow older answers with maxStaleMs.",
    why: "The registry could not be asked, and the caller said how old an answer may be.",
  },
  DISCOVERY_DEREGISTERED: {
    message: 'instance "{id}" of service "{service}" has been deregistered',
    fix: "Register it again instead of using the old registration.",
    why: "A registration that has ended cannot be changed: it would come back without anybody who withdraws it.",
  },
  DISCOVERY_NO_INSTANCE: {
    message: 'service "{service}" has no instance that takes requests: {reason}',
    fix: "Start an instance of it, or look with: platformctl services show {service}",
    why: "The registry answered, and its answer holds no instance, or none with an endpoint that fits the call.",
  },
  DISCOVERY_NO_CLUSTER: {
    message: "no Kubernetes cluster to sign in to: {reason}",
    fix: "Run inside a pod with a service account, set KUBECONFIG, or name the cluster in the registry's options.",
    why: "Inside a pod the cluster shows in KUBERNETES_SERVICE_HOST and in the files of the service account; outside, a kubeconfig names it. Neither was found.",
  },
  DISCOVERY_KUBECONFIG: {
    message: "the kubeconfig {file} cannot be used: {reason}",
    fix: "Correct the file, choose another context, or sign in with the official client and hand it over by officialClientAccess.",
    why: "A kubeconfig must hold the cluster and the user of its context, with a token, a client certificate or an exec plugin. What it says beyond that is refused rather than left out, for it would mean another user or another server.",
  },
  DISCOVERY_SIGN_IN: {
    message: "could not sign in to {registry}: {reason}",
    fix: "Check the token file or the exec plugin by hand; it is tried again without your doing.",
    why: "The credentials come from a file or a program, and that could not be read or did not answer as agreed. What was known before is kept.",
  },
  DISCOVERY_BEHIND: {
    message: "the registry at {registry} answered from a copy that may be old: {reason}",
    fix: "Check that the Consul servers have a leader and reach each other: consul operator raft list-peers",
    why: "Any server may answer, so that reading goes on when the leader is lost, but one that is out of touch with its leader says what was true once. Its answer is not taken for new, and the leader is asked.",
  },
  DISCOVERY_REPLACED: {
    message: 'another process has registered "{id}" of service "{service}" at {registry}',
    fix: "Give each process an id of its own, or end the other one.",
    why: "An id stands for one running process of a machine. The one that registers last has it; the other neither fights for it nor takes it out, and has it again when it is free.",
  },
  DISCOVERY_ANNOUNCED_TWICE: {
    message: 'the modules "{first}" and "{second}" both announce the service "{service}"',
    fix: "Announce it by another name in one of them: services in its manifest.",
    why: "To others a process is one instance of a service. With two modules behind one name, calls that are meant for one would reach the other, and the stop of one would take both out of traffic.",
  },
  DISCOVERY_ENDPOINT_TWICE: {
    message: 'module "{module}" announces the endpoint "{endpoint}" of the service "{service}" twice',
    fix: "Remove one of the entries, or give it a name of its own: endpoint: admin.",
    why: "Entries for one service are endpoints of one instance, and callers choose among them by name.",
  },
  DISCOVERY_NO_ENDPOINT: {
    message:
      'module "{module}" announces the endpoint "{endpoint}" of the service "{service}", but nobody said where it is',
    fix: "Give it a port in the manifest, or routes at the platform's HTTP host, or call announce.endpoint in setup or in a start hook.",
    why: "What is announced must be reachable. Without a port the platform's own HTTP host is meant, which only serves modules that have routes and only speaks http.",
  },
  DISCOVERY_UNANNOUNCED: {
    message:
      'module "{module}" gives an endpoint "{endpoint}" of the service "{service}", which its manifest does not announce',
    fix: "Add to services in its manifest: name: {service}, endpoint: {endpoint}, and a protocol.",
    why: "The manifest says what a module serves, so that it can be checked and shown before anything runs. At run time only the place is added.",
  },
  DISCOVERY_NOT_SHARED: {
    message: "the in-memory registry lives inside the platform's process, and nothing of it can be seen from outside",
    fix: "Choose a registry that others can reach: --driver consul, or discovery.driver in platform.yaml.",
    why: "The default registry is for platforms of one process. What has several processes needs Consul or Kubernetes.",
  },
});
