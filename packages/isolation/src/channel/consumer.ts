import type { ServiceConsumer } from "@plinth/module";

/** Who calls a service, as it is sent with each call: `name@version`. */
export function encodeConsumer({ name, version }: ServiceConsumer): string {
  return `${name}@${version}`;
}

export function decodeConsumer(text: string): ServiceConsumer {
  const at = text.indexOf("@");
  return { name: text.slice(0, at), version: text.slice(at + 1) };
}
