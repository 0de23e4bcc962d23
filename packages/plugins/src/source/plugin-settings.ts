import type { SignaturePolicy } from "../signature/judge-signature.ts";

/** What platform.yaml says of plugins. */
export interface PluginSettings extends SignaturePolicy {
  /** The folder of plugins, relative to the root. */
  readonly folder: string;
}
