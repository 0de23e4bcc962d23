const dnsLabel = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether `name` can name a service or an endpoint: a DNS label in lower case that begins with a letter. */
export function isServiceName(name: unknown): name is string {
  return typeof name === "string" && dnsLabel.test(name);
}
