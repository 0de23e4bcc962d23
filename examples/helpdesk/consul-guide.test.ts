import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { inspectPlatform } from "@plinth/platform";
import { findConsul, startConsulAgent } from "@plinth/testing/consul";
import { startPostgres } from "@plinth/testing/postgres";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { temporaryFolder } from "./helpdesk.fixture.ts";
import { runCommands, stepsOf } from "./steps.fixture.ts";

const root = path.resolve(import.meta.dirname, "../..");
const guide = readFileSync(path.join(root, "docs/guides/consul.md"), "utf8");

const found = await findConsul();
const missing = "missing" in found ? found.missing : undefined;
if (missing !== undefined) console.warn(`Skipped, for there is no Consul: ${missing}`);
const binary = "path" in found ? found.path : "";

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.on("listening", () => resolve((server.address() as { readonly port: number }).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports.sort((a, b) => a - b);
}

/** Lines of words, whatever the space between them; what differs each time as the page writes it. */
function words(text: string, like: string): string[][] {
  const shown = like.trim().split("\n");
  return text
    .trim()
    .split("\n")
    .map((line, at) =>
      line.split(/\s+/).map((word, column) => {
        const form = shown[at]?.split(/\s+/)[column] ?? "";
        const pattern = form.replaceAll(/[^\w…]/g, "\\$&").replaceAll("…", "\\S+");
        return form.includes("…") && new RegExp(`^${pattern}$`).test(word) ? form : word;
      }),
    );
}

test.skipIf(missing !== undefined)("what the guide says to do without Docker works", { timeout: 180_000 }, async () => {
  const [, section = ""] = /\n## Without Docker\n(.*?)\n## /s.exec(guide) ?? [];
  const steps = stepsOf(section).filter(({ commands }) => commands !== "consul agent -dev\n");
  expect(steps).toHaveLength(5);
  using folder = temporaryFolder();
  const postgres = await startPostgres();
  const [agent, database, ports] = await Promise.all([
    startConsulAgent({ binary }),
    postgres.createDatabase(),
    freePorts(3),
  ]);
  try {
    const onThisMachine = (text: string) =>
      [8081, 8082, 8083]
        .reduce((whole, port, at) => whole.replaceAll(String(port), String(ports[at])), text)
        .replace("npm ci\n", "")
        .replace(/(PLATFORM_DATABASE__URL=).*/, `$1${database.url}`)
        .replaceAll(/replica-\d\.log/g, path.join(folder.path, "$&"));
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, CONSUL_HTTP_ADDR: agent.url };
    const { blocks, stderr, status } = await runCommands(
      steps.map(({ commands }) => onThisMachine(commands)),
      { cwd: root, env, timeoutMs: 150_000 },
    );
    expect(status, stderr).toBe(0);
    for (const [at, { shown }] of steps.entries()) {
      const wanted = onThisMachine(shown?.language === "text" ? shown.text : "");
      expect(words(blocks[at] ?? "", wanted), stderr).toEqual(words(wanted, ""));
    }
    for (const name of ["replica-1.log", "replica-2.log", "replica-3.log"]) {
      const log = readFileSync(path.join(folder.path, name), "utf8");
      expect(log).toContain('withdrew \\"helpdesk\\"');
      expect(log).not.toContain('"level":"error"');
    }
  } finally {
    await agent.stop();
    await postgres.stop();
  }
});

describe("compose.yaml", () => {
  const file = path.join(root, "docs/guides/consul/compose.yaml");

  interface ComposeService {
    readonly image: string;
    readonly build?: { readonly context: string; readonly dockerfile: string };
    readonly hostname?: string;
    readonly environment?: Readonly<Record<string, string>>;
    readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
    readonly ports?: readonly string[];
    readonly volumes?: readonly string[];
    readonly healthcheck?: { readonly test: readonly string[] };
    readonly stop_grace_period?: string;
    readonly command?: readonly string[];
  }

  interface Compose {
    readonly name: string;
    readonly services: Readonly<Record<string, ComposeService>>;
    readonly volumes: Readonly<Record<string, unknown>>;
  }

  const compose: Compose = parse(readFileSync(file, "utf8"), { merge: true });
  const services = Object.entries(compose.services);
  const replicas = services.filter(([name]) => name.startsWith("helpdesk-"));

  it("uses only keys that Compose knows", () => {
    const known = ["build", "command", "depends_on", "environment", "healthcheck", "hostname", "image", "ports"];
    const alsoKnown = ["stop_grace_period", "volumes"];
    for (const [, service] of services) {
      for (const key of Object.keys(service)) expect([...known, ...alsoKnown]).toContain(key);
      for (const key of Object.keys(service.healthcheck ?? {})) {
        expect(["test", "interval", "timeout", "retries", "start_period"]).toContain(key);
      }
    }
    const top = Object.keys(compose).filter((key) => !key.startsWith("x-"));
    expect(top.sort()).toEqual(["name", "services", "volumes"]);
  });

  it("refers only to what is there", () => {
    for (const [, { depends_on = {}, volumes = [], build, healthcheck }] of services) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(compose.services).toHaveProperty(name);
        expect(condition).toBe("service_healthy");
        expect(compose.services[name]?.healthcheck).toBeDefined();
      }
      for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(":")[0] ?? "");
      expect(healthcheck?.test[0]).toBe("CMD");
      if (build === undefined) continue;
      const context = path.resolve(path.dirname(file), build.context);
      expect(context).toBe(root);
      expect(existsSync(path.join(context, build.dockerfile)), build.dockerfile).toBe(true);
    }
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.every((port) => port.startsWith("127.0.0.1:"))).toBe(true);
  });

  it.each(replicas)("gives %s settings that the helpdesk knows, and that fit together", async (name, replica) => {
    const env = replica.environment ?? {};
    const { problems, settings } = await inspectPlatform({ root: import.meta.dirname, env });
    expect(problems).toEqual([]);
    expect(settings?.forModule("discovery")).toMatchObject({ driver: "consul", advertise: { host: name } });
    expect(replica.hostname).toBe(name);

    const consul = new URL(String(env.PLATFORM_DISCOVERY__CONSUL__ADDRESS));
    expect(compose.services).toHaveProperty(consul.hostname);
    expect(consul.port).toBe("8500");
    const database = new URL(String(env.PLATFORM_DATABASE__URL));
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = compose.services[database.hostname]?.environment ?? {};
    expect([database.username, database.password, database.pathname]).toEqual([
      POSTGRES_USER,
      POSTGRES_PASSWORD,
      `/${POSTGRES_DB}`,
    ]);
    expect(replica.ports?.[0]).toMatch(/:8080$/);
    expect(Number.parseInt(replica.stop_grace_period ?? "0", 10)).toBeGreaterThan(35);
  });

  it("starts three replicas", () => {
    expect(replicas).toHaveLength(3);
  });
});

it("every setting that the guide names exists", async () => {
  const names = [...guide.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([A-Za-z]+(?:\.[A-Za-z]+)?)`/g)].map(([, name]) => name as string),
  );
  const settings = names.filter((name) => !name.startsWith("DISCOVERY_") && name !== "discovery");
  expect(settings.length).toBeGreaterThan(15);
  const { settings: known } = await inspectPlatform({ root: import.meta.dirname });
  const schema = known?.modules.get("discovery")?.node?.root as Schema | undefined;
  for (const name of settings) {
    const [first = "", second] = name.split(".");
    const section = schema?.properties?.[first];
    expect(section, name).toBeDefined();
    if (second !== undefined) expect(section?.properties, name).toHaveProperty(second);
  }
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}
