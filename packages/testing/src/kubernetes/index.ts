export type { ApiUser } from "./access-control.ts";
export type { ApiRequest, Fault } from "./faults.ts";
export { type KubernetesApi, type KubernetesApiOptions, startKubernetesApi } from "./kubernetes-api.ts";
export type { OpenWatch } from "./open-watch.ts";
export type { KubernetesObject, ObjectMeta } from "./resources.ts";
export type { WatchEvent } from "./watch-events.ts";
