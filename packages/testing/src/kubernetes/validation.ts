import { isIPv4, isIPv6 } from "node:net";
import type { KubernetesObject, Resource } from "./resources.ts";
import type { Cause } from "./statuses.ts";

/** What the API server would refuse in an object, as far as clients of these tests come near it. */
export function problemsOf(resource: Resource, object: KubernetesObject): readonly Cause[] {
  return [
    ...nameProblems(object),
    ...labelProblems(object),
    ...(resource.kind === "EndpointSlice" ? sliceProblems(object) : []),
    ...(resource.kind === "Service" ? servicePortProblems(object) : []),
  ];
}

interface Slice {
  readonly addressType?: string;
  readonly endpoints?: readonly { readonly addresses?: readonly string[] }[];
  readonly ports?: readonly Port[] | null;
}

interface Port {
  readonly name?: string;
}

const labelForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const valueForm = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const subdomainForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const mustBeLabel =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const mustBeValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const mustBeSubdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  "with an alphanumeric character";
const mustBeAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

function* nameProblems({ metadata }: KubernetesObject): Generator<Cause> {
  const { name } = metadata;
  if (name.length <= 253 && subdomainForm.test(name)) return;
  yield { field: "metadata.name", message: `Invalid value: "${name}": ${mustBeSubdomain}` };
}

function* labelProblems({ metadata }: KubernetesObject): Generator<Cause> {
  for (const value of Object.values(metadata.labels ?? {})) {
    if (value.length > 63)
      yield { field: "metadata.labels", message: `Invalid value: "${value}": must be no more than 63 bytes` };
    else if (!valueForm.test(value))
      yield { field: "metadata.labels", message: `Invalid value: "${value}": ${mustBeValue}` };
  }
}

function* sliceProblems(object: KubernetesObject): Generator<Cause> {
  const { addressType = "", endpoints = [], ports } = object as unknown as Slice;
  if (!["IPv4", "IPv6", "FQDN"].includes(addressType)) {
    yield {
      field: "addressType",
      message: `Unsupported value: "${addressType}": supported values: "FQDN", "IPv4", "IPv6"`,
    };
  }
  for (const [index, { addresses = [] }] of endpoints.entries()) {
    if (addresses.length === 0)
      yield { field: `endpoints[${index}].addresses`, message: "Required value: must contain at least 1 address" };
    if (addressType === "FQDN") continue;
    for (const [place, address] of addresses.entries()) {
      const why = addressProblem(addressType, address);
      if (why !== undefined) {
        yield { field: `endpoints[${index}].addresses[${place}]`, message: `Invalid value: "${address}": ${why}` };
      }
    }
  }
  yield* portNameProblems(ports ?? [], "ports");
}

function* servicePortProblems({ spec }: KubernetesObject): Generator<Cause> {
  yield* portNameProblems((spec as { readonly ports?: readonly Port[] }).ports ?? [], "spec.ports");
}

function* portNameProblems(ports: readonly Port[], where: string): Generator<Cause> {
  const names = ports.map(({ name = "" }) => name);
  for (const [index, name] of names.entries()) {
    const field = `${where}[${index}].name`;
    if (name !== "" && !(name.length <= 63 && labelForm.test(name)))
      yield { field, message: `Invalid value: "${name}": ${mustBeLabel}` };
    else if (names.indexOf(name) !== index) yield { field, message: `Duplicate value: "${name}"` };
  }
}

function addressProblem(addressType: string, address: string): string | undefined {
  if (addressType === "IPv4" ? !isIPv4(address) : !isIPv6(address)) return mustBeAddress;
  if (address === "0.0.0.0" || address === "::") return "may not be unspecified (0.0.0.0 or ::)";
  if (address.startsWith("127.") || address === "::1") return "may not be in the loopback range (127.0.0.0/8, ::1/128)";
  if (/^(169\.254\.|fe[89ab])/i.test(address)) return "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
  return undefined;
}
