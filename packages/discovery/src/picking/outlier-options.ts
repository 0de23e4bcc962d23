/** When an instance is left alone for a while. The defaults are those of gRPC's outlier detection. */
export interface OutlierOptions {
  /** How often rates are looked at. Default 10,000. */
  readonly intervalMs?: number;
  /** How long the first ejection lasts; each further one in a row is longer by this. Default 30,000. */
  readonly baseEjectionMs?: number;
  /** No ejection lasts longer. Default 300,000. */
  readonly maxEjectionMs?: number;
  /** When this part of all instances is ejected, no further one is. In percent, default 10; one is always allowed. */
  readonly maxEjectionPercent?: number;
  /** Failures in a row that eject at once. Default 5; 0 turns this off. */
  readonly consecutiveFailures?: number;
  /** Ejects whose rate of success lies far below the mean of all. */
  readonly successRate?:
    | false
    | {
        /** How many thousandths of a standard deviation below the mean. Default 1,900. */
        readonly stdevFactor?: number;
        /** Only when so many instances had enough requests. Default 5. */
        readonly minimumHosts?: number;
        /** What enough requests in an interval are. Default 100. */
        readonly requestVolume?: number;
      };
  /** Ejects who fails more than a fixed part of its requests. */
  readonly failurePercentage?:
    | false
    | {
        /** In percent. Default 85. */
        readonly threshold?: number;
        /** Default 5. */
        readonly minimumHosts?: number;
        /** Default 50. */
        readonly requestVolume?: number;
      };
}
