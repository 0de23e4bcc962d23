/** The TLS side of an API server. All PEM. */
export interface ApiTls {
  /** Who vouches for the server. Default: the authorities that Node knows. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly pfx?: Uint8Array | undefined;
  readonly passphrase?: string | undefined;
  /** The name that the server's certificate must carry, where it is not the host's. */
  readonly serverName?: string | undefined;
  /** Default true. False trusts whoever answers. */
  readonly verify?: boolean | undefined;
}

/** What a request carries so that the API server knows who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** The identical object as long as it says the same: connections are kept by it. */
  readonly tls: ApiTls;
}

/** A cluster, and a way of signing in to it. The seam for ways that this package does not know itself. */
export interface ApiAccess {
  /** `https://10.0.0.1:443`, with a path where the server lies behind one. No slash at the end. */
  readonly server: string;
  /** The namespace that is meant where none is named. */
  readonly namespace: string;
  /** A proxy for all connections: `http://proxy:3128`. */
  readonly proxy?: string | undefined;
  /**
   * Called before each request, so it should mostly answer from memory.
   *
   * @throws RegistryError `DISCOVERY_SIGN_IN`.
   */
  credentials(signal: AbortSignal): Promise<Credentials>;
  /** The server refused the credentials: the next ones must not come from memory. */
  renew(): void;
}
