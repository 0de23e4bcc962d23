/** Which instances are asked for. */
export interface ServiceQuery {
  /** A DNS label: `[a-z]([a-z0-9-]*[a-z0-9])?`, at most 63 characters. */
  readonly service: string;
  /** Only instances that carry all of these tags. */
  readonly tags?: readonly string[];
  /** Only instances whose metadata has all of these values. */
  readonly metadata?: Readonly<Record<string, string>>;
}
