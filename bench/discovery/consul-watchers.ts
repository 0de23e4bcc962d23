import { createConsulRegistry } from "@plinth/discovery-consul";
import Consul from "consul";
import { request } from "undici";

/** Follows a service; `onChange` gets how many instances there are and the metadata `step` of the first. */
export type Watch = (
  url: string,
  service: string,
  onChange: (count: number, step: string | undefined) => void,
) => Promise<Following>;

/** What is being followed; `held` is what the watcher keeps of the last answer. */
export interface Following {
  readonly held: () => unknown;
  stop(): Promise<void>;
}

interface Entry {
  readonly Service: { readonly Meta: Readonly<Record<string, string>> | null };
}

/** The limit: one blocking query after another, and nothing else. */
const bare: Watch = async (url, service, onChange) => {
  const ending = new AbortController();
  let entries: readonly Entry[] = [];
  const ended = (async () => {
    let index = "0";
    while (!ending.signal.aborted) {
      const address = `${url}/v1/health/service/${service}?stale&index=${index}&wait=60s`;
      const answer = await request(address, { signal: ending.signal, headersTimeout: 0, bodyTimeout: 0 });
      index = String(answer.headers["x-consul-index"]);
      entries = (await answer.body.json()) as readonly Entry[];
      onChange(entries.length, entries[0]?.Service.Meta?.step);
    }
  })().catch(() => {});
  return {
    held: () => entries,
    async stop() {
      ending.abort();
      await ended;
    },
  };
};

const npm: Watch = async (url, service, onChange) => {
  const { hostname, port } = new URL(url);
  const consul = new Consul({ host: hostname, port: Number(port) });
  const watch = consul.watch({
    method: consul.health.service,
    options: { service, stale: true, wait: "60s" } as never,
  });
  let entries: readonly Entry[] = [];
  watch.on("change", (data: readonly Entry[]) => {
    entries = data;
    onChange(entries.length, entries[0]?.Service.Meta?.step);
  });
  watch.on("error", () => {});
  return { held: () => entries, stop: async () => watch.end() };
};

const plinth: Watch = async (url, service, onChange) => {
  const registry = createConsulRegistry({ url });
  const watcher = registry.watch({ service });
  const ended = (async () => {
    for await (const { instances } of watcher) onChange(instances.length, instances[0]?.metadata.step);
  })();
  return {
    held: () => watcher.current,
    async stop() {
      await registry[Symbol.asyncDispose]();
      await ended;
    },
  };
};

export const watchers: Readonly<Record<string, Watch>> = {
  "bare blocking query": bare,
  "npm consul 2": npm,
  plinth,
};
