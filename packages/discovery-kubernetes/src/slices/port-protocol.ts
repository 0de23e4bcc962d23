import type { SlicePort } from "../api/objects.ts";

const spoken = ["grpcs", "grpc", "https", "http", "h2c", "tcp"] as const;

/**
 * What is spoken at a port: what `appProtocol` says, else what the port's name begins with (`http-admin`), else the
 * transport.
 */
export function protocolOf({ name, protocol, appProtocol }: SlicePort): string {
  const transport = (protocol ?? "TCP").toLowerCase();
  if (appProtocol) return appProtocol.toLowerCase().replace(/^kubernetes\.io\//, "");
  if (transport !== "tcp") return transport;
  return spoken.find((word) => name === word || name?.startsWith(`${word}-`)) ?? transport;
}
