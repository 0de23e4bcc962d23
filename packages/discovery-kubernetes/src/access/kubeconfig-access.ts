import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { type Clock, systemClock } from "@plinth/module";
import type { ApiAccess, ApiTls } from "./api-access.ts";
import { execCredentials } from "./exec-plugin.ts";
import { type PemSource, readKubeconfig, unusable } from "./kubeconfig.ts";
import { rereadFiles } from "./reread-files.ts";

/** Which kubeconfig is used. */
export interface KubeconfigOptions {
  /** Default: the files in KUBECONFIG, else `~/.kube/config`. */
  readonly files?: readonly string[];
  /** Default: the current one. */
  readonly context?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

/**
 * Signs in as a kubeconfig says: with a token, a token file, a client certificate or an exec plugin. The files are read
 * once; a token file is read again each minute, and an exec plugin runs again when its credential expires or is refused.
 *
 * @throws RegistryError `DISCOVERY_KUBECONFIG`, also for what it says beyond that.
 */
export function kubeconfigAccess(options: KubeconfigOptions = {}): ApiAccess {
  const { env = process.env, clock = systemClock } = options;
  const { file, namespace, cluster, user } = readKubeconfig(options.files ?? kubeconfigFiles(env), options.context);
  const pem = (source: PemSource | undefined): string | undefined => textOf(source, file);
  const base: ApiTls = {
    ca: pem(cluster.ca),
    cert: pem(user.cert),
    key: pem(user.key),
    serverName: cluster.serverName,
    verify: cluster.verify,
  };
  const { server, proxy } = cluster;
  const same = { server, namespace, proxy };

  if (user.tokenFile !== undefined) {
    const files = rereadFiles({ token: user.tokenFile }, server, clock);
    const credentials = async () => ({ headers: bearer((await files.read()).token), tls: base });
    return { ...same, credentials, renew: files.forget };
  }
  if (user.token !== undefined || user.exec === undefined) {
    const fixed = { headers: bearer(user.token), tls: base };
    return { ...same, credentials: async () => fixed, renew() {} };
  }
  const plugin = execCredentials({ plugin: user.exec, cluster, ca: base.ca, env, clock });
  let tls = base;
  return {
    ...same,
    async credentials() {
      const { token, cert, key } = await plugin.get();
      if (cert !== undefined && (tls.cert !== cert || tls.key !== key)) tls = { ...base, cert, key };
      return { headers: bearer(token), tls };
    },
    renew: plugin.forget,
  };
}

/** The files that KUBECONFIG names, else the one in the home folder. */
export function kubeconfigFiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = (env.KUBECONFIG ?? "").split(path.delimiter).filter((file) => file !== "");
  return named.length > 0 ? named : [path.join(env.HOME ?? homedir(), ".kube", "config")];
}

function bearer(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function textOf(source: PemSource | undefined, kubeconfig: string): string | undefined {
  if (source === undefined || "text" in source) return source?.text;
  try {
    return readFileSync(source.file, "utf8");
  } catch (cause) {
    throw unusable(kubeconfig, `${source.file} cannot be read`, cause);
  }
}
