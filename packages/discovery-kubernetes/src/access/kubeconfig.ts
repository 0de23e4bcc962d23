import { readFileSync } from "node:fs";
import path from "node:path";
import { registryError } from "@plinth/discovery";
import { parse } from "yaml";

/** One context of a kubeconfig, with its cluster and its user. Paths are absolute. */
export interface KubeContext {
  /** The file that names the current context, for errors. */
  readonly file: string;
  readonly name: string;
  readonly namespace: string;
  readonly cluster: KubeCluster;
  readonly user: KubeUser;
}

export interface KubeCluster {
  readonly server: string;
  readonly ca: PemSource | undefined;
  readonly serverName: string | undefined;
  readonly verify: boolean;
  readonly proxy: string | undefined;
}

/** PEM text, or the file that holds it. */
export type PemSource = { readonly text: string } | { readonly file: string };

export interface KubeUser {
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly cert: PemSource | undefined;
  readonly key: PemSource | undefined;
  readonly exec: ExecPlugin | undefined;
}

/** A program that signs in. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What to do where the program is not installed. */
  readonly installHint: string | undefined;
  /** Whether it is told about the cluster. */
  readonly wantsCluster: boolean;
}

type Json = Readonly<Record<string, unknown>>;
type Named = { readonly value: Json; readonly file: string };

/**
 * Reads kubeconfig files as kubectl does: of several, the first that names a thing counts.
 *
 * @param context Default: the current one.
 * @throws RegistryError `DISCOVERY_KUBECONFIG`.
 */
export function readKubeconfig(files: readonly string[], context?: string): KubeContext {
  const documents = files.map((file) => ({ file, value: readYaml(file) }));
  const named = (list: string, key: string, name: unknown): Named | undefined => {
    for (const { file, value } of documents) {
      const entry = listOf(value[list]).find((one) => one.name === name);
      if (entry !== undefined) return { value: recordOf(entry[key]), file };
    }
    return undefined;
  };
  const current = documents.find(({ value }) => textOf(value["current-context"]) !== undefined);
  const first = current?.file ?? files[0] ?? "";
  const name = context ?? textOf(current?.value["current-context"]);
  if (name === undefined) throw unusable(first, "it names no current context");
  const chosen = named("contexts", "context", name);
  if (chosen === undefined) throw unusable(first, `it has no context "${name}"`);
  const cluster = named("clusters", "cluster", chosen.value.cluster);
  if (cluster === undefined) throw unusable(chosen.file, `it has no cluster "${chosen.value.cluster}"`);
  const user = named("users", "user", chosen.value.user);
  if (user === undefined) throw unusable(chosen.file, `it has no user "${chosen.value.user}"`);
  return {
    file: first,
    name,
    namespace: textOf(chosen.value.namespace) ?? "default",
    cluster: clusterIn(cluster),
    user: userIn(user),
  };
}

function clusterIn({ value, file }: Named): KubeCluster {
  const server = textOf(value.server)?.replace(/\/+$/, "");
  if (server === undefined || !/^https?:\/\/./.test(server)) throw unusable(file, `"${server}" is no server`);
  const proxy = textOf(value["proxy-url"]);
  if (proxy !== undefined && !/^https?:/.test(proxy)) throw unusable(file, `the proxy ${proxy} is not one of HTTP`);
  return {
    server,
    ca: pemIn(value, "certificate-authority", file),
    serverName: textOf(value["tls-server-name"]),
    verify: value["insecure-skip-tls-verify"] !== true,
    proxy,
  };
}

/** What would make another user of this one if it were left out. */
const unknownWays = ["auth-provider", "username", "as", "as-uid", "as-groups", "as-user-extra"];

function userIn({ value, file }: Named): KubeUser {
  const unknown = unknownWays.filter((way) => value[way] !== undefined);
  if (unknown.length > 0) throw unusable(file, `this package does not sign in with ${unknown.join(", ")}`);
  const tokenFile = textOf(value.tokenFile);
  const exec = value.exec === undefined || value.exec === null ? undefined : execIn(recordOf(value.exec), file);
  return {
    token: textOf(value.token),
    tokenFile: tokenFile === undefined ? undefined : path.resolve(path.dirname(file), tokenFile),
    cert: pemIn(value, "client-certificate", file),
    key: pemIn(value, "client-key", file),
    exec,
  };
}

function execIn(exec: Json, file: string): ExecPlugin {
  const command = textOf(exec.command);
  if (command === undefined) throw unusable(file, "its exec plugin has no command");
  const apiVersion = textOf(exec.apiVersion) ?? "";
  if (!/^client\.authentication\.k8s\.io\/v1(beta1)?$/.test(apiVersion)) {
    throw unusable(file, `its exec plugin speaks "${apiVersion}", not client.authentication.k8s.io/v1 or v1beta1`);
  }
  if (exec.interactiveMode === "Always") throw unusable(file, "its exec plugin wants to ask somebody at a terminal");
  return {
    apiVersion,
    // A bare name is looked for in PATH, as kubectl does.
    command: /[\\/]/.test(command) ? path.resolve(path.dirname(file), command) : command,
    args: (Array.isArray(exec.args) ? exec.args : []).map(String),
    env: Object.fromEntries(listOf(exec.env).map(({ name, value }) => [String(name), String(value ?? "")])),
    installHint: textOf(exec.installHint),
    wantsCluster: exec.provideClusterInfo === true,
  };
}

/** `NAME-data` in base64, which counts first, or the file that `NAME` names. */
function pemIn(value: Json, name: string, file: string): PemSource | undefined {
  const data = textOf(value[`${name}-data`]);
  if (data !== undefined) return { text: Buffer.from(data, "base64").toString("utf8") };
  const given = textOf(value[name]);
  return given === undefined ? undefined : { file: path.resolve(path.dirname(file), given) };
}

function readYaml(file: string): Json {
  try {
    return recordOf(parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw unusable(file, cause instanceof Error ? (cause.message.split("\n")[0] as string) : String(cause), cause);
  }
}

/** @param file The file as the error names it. */
export function unusable(file: string, reason: string, cause?: unknown) {
  return registryError("DISCOVERY_KUBECONFIG", { file, reason }, { cause });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function recordOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}
