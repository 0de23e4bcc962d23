import * as z from "zod";

const nameRule = "must be a DNS label: lower-case letters, digits and hyphens, at most 63, the first one a letter";
const name = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, nameRule);

const announced = z.strictObject({
  name: name.describe("The name of the service, by which others find it; of one module in a platform only."),
  protocol: z
    .string()
    .max(32)
    .regex(/^[a-z][a-z0-9+.-]*$/, "must be a protocol in lower case, such as http, grpc or tcp")
    .default("http")
    .describe("What is spoken there: http, https, grpc, grpcs, tcp or another."),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe("Where the module listens by itself. Default: the platform's HTTP host, for a module with routes there."),
  endpoint: name
    .optional()
    .describe("The name of the endpoint, which tells several entries for one service apart. Default: the protocol."),
});

/** The schema of the manifest's section `services`. */
export const servicesSection = z
  .array(announced)
  .max(16)
  .describe(
    "What the module serves to other programs; the platform makes it known in its registry while it can be used.",
  );

/** The manifest's section `services`, after validation. */
export type ServicesSection = z.output<typeof servicesSection>;

/** One endpoint of a service that a module announces. */
export type AnnouncedEndpoint = ServicesSection[number];

/** The name under which callers choose the endpoint. */
export function endpointName({ endpoint, protocol }: AnnouncedEndpoint): string {
  return endpoint ?? protocol;
}
