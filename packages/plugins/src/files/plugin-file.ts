/** A file of a plugin before it is written anywhere. */
export interface PluginFile {
  /** Relative to the plugin's folder, with `/` on every system. */
  readonly path: string;
  readonly bytes: Buffer;
}
