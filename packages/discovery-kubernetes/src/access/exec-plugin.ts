import { execFile } from "node:child_process";
import { type RegistryError, registryError } from "@plinth/discovery";
import type { Clock } from "@plinth/module";
import type { ExecPlugin, KubeCluster } from "./kubeconfig.ts";

/** What an exec plugin gave. */
export interface ExecCredential {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds since 1970-01-01 UTC; `undefined` where it says nothing: then until the server refuses it. */
  readonly expiresAt: number | undefined;
}

/** How an exec plugin is run. */
export interface ExecOptions {
  readonly plugin: ExecPlugin;
  readonly cluster: KubeCluster;
  /** The CA of the cluster as PEM, for plugins that want to know. */
  readonly ca: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

/** How long before it expires a credential is replaced. */
const earlyMs = 10_000;
/** A plugin that takes longer is ended. */
const limitMs = 60_000;

/** Runs the plugin when its last credential has expired or was refused; those who ask meanwhile share one run. */
export function execCredentials(options: ExecOptions): {
  readonly get: () => Promise<ExecCredential>;
  readonly forget: () => void;
} {
  let known: ExecCredential | undefined;
  let running: Promise<ExecCredential> | undefined;

  async function run(): Promise<ExecCredential> {
    try {
      known = parsed(await runPlugin(options), options);
      return known;
    } finally {
      running = undefined;
    }
  }

  return {
    async get() {
      const { expiresAt = Number.POSITIVE_INFINITY } = known ?? {};
      if (known !== undefined && options.clock.wallTime() < expiresAt - earlyMs) return known;
      running ??= run();
      return running;
    },
    forget() {
      known = undefined;
    },
  };
}

function runPlugin({ plugin, cluster, ca, env }: ExecOptions): Promise<string> {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(plugin.wantsCluster
        ? {
            cluster: {
              server: cluster.server,
              ...(cluster.serverName === undefined ? {} : { "tls-server-name": cluster.serverName }),
              ...(cluster.verify ? {} : { "insecure-skip-tls-verify": true }),
              ...(ca === undefined ? {} : { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
            },
          }
        : {}),
    },
  };
  return new Promise((resolve, reject) => {
    const child = execFile(
      plugin.command,
      plugin.args,
      {
        env: { ...env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
        timeout: limitMs,
        maxBuffer: 4 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        const said = stderr.trim().split("\n").at(-1) ?? "";
        const hint = error.code === "ENOENT" && plugin.installHint !== undefined ? ` (${plugin.installHint})` : "";
        const why = error.code === "ENOENT" ? "it is not installed" : said || error.message;
        reject(failed(plugin, cluster.server, `${why}${hint}`, error));
      },
    );
    child.stdin?.end();
  });
}

function parsed(stdout: string, { plugin, cluster }: ExecOptions): ExecCredential {
  let said: {
    readonly kind?: unknown;
    readonly apiVersion?: unknown;
    readonly status?: Readonly<Record<string, unknown>>;
  };
  try {
    said = JSON.parse(stdout);
  } catch (cause) {
    throw failed(plugin, cluster.server, "it printed no JSON", cause);
  }
  if (said?.kind !== "ExecCredential" || said.apiVersion !== plugin.apiVersion) {
    throw failed(plugin, cluster.server, `it printed no ExecCredential of ${plugin.apiVersion}`);
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = said.status ?? {};
  const hasToken = typeof token === "string" && token !== "";
  const hasPair = typeof cert === "string" && typeof key === "string";
  if (!hasToken && !hasPair)
    throw failed(plugin, cluster.server, "it printed neither a token nor a client certificate");
  const expiresAt = Date.parse(String(expirationTimestamp ?? ""));
  return {
    token: hasToken ? token : undefined,
    cert: hasPair ? cert : undefined,
    key: hasPair ? key : undefined,
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
  };
}

function failed({ command }: ExecPlugin, server: string, why: string, cause?: unknown): RegistryError {
  return registryError(
    "DISCOVERY_SIGN_IN",
    { registry: server, reason: `the exec plugin ${command} failed: ${why}` },
    { cause },
  );
}
