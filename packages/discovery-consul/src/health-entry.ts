/** One check of an instance or of its node, as Consul answers it. */
export interface HealthCheck {
  readonly CheckID: string;
  /** `passing`, `warning` or `critical`. */
  readonly Status: string;
  readonly Notes?: string;
}

/** One instance in an answer of `/v1/health/service/:name`; what Plinth reads of it. */
export interface HealthEntry {
  readonly Node: {
    /** Missing for nodes that no agent runs on. */
    readonly ID?: string;
    readonly Node: string;
    readonly Address: string;
    readonly Datacenter?: string;
    readonly Meta?: Readonly<Record<string, string>> | null;
    readonly Locality?: NativeLocality | null;
  };
  readonly Service: {
    readonly ID: string;
    readonly Service: string;
    readonly Tags?: readonly string[] | null;
    /** Empty: the node's. */
    readonly Address?: string;
    readonly Port: number;
    readonly Meta?: Readonly<Record<string, string>> | null;
    readonly Weights?: { readonly Passing: number; readonly Warning: number };
    readonly Locality?: NativeLocality | null;
  };
  /** Those of the node, such as `serfHealth`, included. */
  readonly Checks?: readonly HealthCheck[] | null;
}

/** Known to Consul from 1.15 on. */
export interface NativeLocality {
  readonly Region?: string;
  readonly Zone?: string;
}
