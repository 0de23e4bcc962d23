import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConsulAgent, startConsulAgent } from "./agent.ts";
import { freePorts } from "./free-ports.ts";

/** Several Consul servers on 127.0.0.1 that elect a leader among them. */
export interface ConsulCluster {
  /** In the order of their making; a server that was started again takes its place. */
  readonly servers: readonly ConsulAgent[];
  /** The server that leads by its own word and that of the others asked; `undefined` while there is none. */
  leader(): Promise<ConsulAgent | undefined>;
  /** Starts a server again that was killed, with its state and its address. */
  revive(server: ConsulAgent): Promise<ConsulAgent>;
  stop(): Promise<void>;
}

/** Elections and the loss of a node are noticed sooner than between real machines. */
const config = `
  performance { raft_multiplier = 1 }
  gossip_lan { probe_interval = "500ms" probe_timeout = "300ms" suspicion_mult = 2 }
  leave_on_terminate = false
  retry_interval = "1s"
`;

/** Starts `size` servers with states of their own on disk, and waits until they have a leader. */
export async function startConsulCluster(options: {
  readonly binary: string;
  /** Default 3. */
  readonly size?: number;
}): Promise<ConsulCluster> {
  const { binary, size = 3 } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "plinth-consul-"));
  const serfPorts = await freePorts(size);
  const join = serfPorts.map((port) => `-retry-join=127.0.0.1:${port}`);

  const startServer = (ports: Pick<ConsulAgent, "node" | "serfPort"> & Partial<ConsulAgent>): Promise<ConsulAgent> =>
    startConsulAgent({
      binary,
      node: ports.node,
      serfPort: ports.serfPort,
      ...(ports.httpPort === undefined ? {} : { httpPort: ports.httpPort }),
      ...(ports.serverPort === undefined ? {} : { serverPort: ports.serverPort }),
      mode: ["-server", `-bootstrap-expect=${size}`, "-data-dir", path.join(folder, ports.node), ...join],
      config,
      awaitLeader: false,
    });

  const servers = await Promise.all(
    serfPorts.map((serfPort, index) => startServer({ node: `server-${index}`, serfPort })),
  );
  const cluster: ConsulCluster = {
    servers,
    async leader() {
      const words = await Promise.all(servers.map(leaderAsSeenBy));
      const index = servers.findIndex((server, own) => {
        const address = `127.0.0.1:${server.serverPort}`;
        return words[own] === address && words.filter((word) => word === address).length > size / 2;
      });
      return servers[index];
    },
    async revive(server) {
      const revived = await startServer(server);
      servers[servers.indexOf(server)] = revived;
      return revived;
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  const end = performance.now() + 30_000;
  while ((await cluster.leader()) === undefined) {
    if (performance.now() > end) {
      const log = servers.map((server) => server.log.slice(-1_500)).join("\n");
      await cluster.stop();
      throw new Error(`the Consul servers elected no leader\n${log}`);
    }
    await sleep(50);
  }
  return cluster;
}

async function leaderAsSeenBy(server: ConsulAgent): Promise<string | undefined> {
  return await fetch(`${server.url}/v1/status/leader`, { signal: AbortSignal.timeout(1_000) }).then(
    async (response) => (response.ok ? ((await response.json()) as string) : undefined),
    () => undefined,
  );
}
