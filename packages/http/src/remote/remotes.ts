import type { Clock, RemoteService } from "@plinth/module";
import { Http, HttpDirectory } from "../http.ts";
import type { Metrics as HostMetrics } from "../metrics.ts";
import { Metrics, type ModuleMetrics } from "../module-metrics.ts";
import { type DirectoryFacts, serveDirectory } from "./directory.ts";
import type { Followers } from "./followers.ts";
import { serveMetrics } from "./metrics.ts";
import { type HttpSurroundings, serveHttp } from "./serve-http.ts";

/** What the host's ends work with. */
export interface HttpRemoteSources {
  /** Known once the HTTP host has been set up, which is before any module is. */
  readonly surroundings: () => HttpSurroundings & { readonly metrics: HostMetrics };
  readonly directory: () => DirectoryFacts;
  /** Are told when the directory has changed. */
  readonly followers: Followers;
  readonly clock: Clock;
}

/** How modules in processes of their own use the HTTP host. */
export function httpRemotes({ surroundings, directory, followers, clock }: HttpRemoteSources) {
  const http: RemoteService<Http> = {
    service: Http,
    opensSockets: true,
    get entry() {
      return import.meta.resolve("@plinth/http/remote");
    },
    serve: (service, link) => serveHttp(service, link, surroundings()),
  };
  const whereabouts: RemoteService<HttpDirectory> = {
    service: HttpDirectory,
    get entry() {
      return import.meta.resolve("@plinth/http/remote/directory");
    },
    serve: (_service, link) => serveDirectory(directory, link, followers),
  };
  const metrics: RemoteService<ModuleMetrics> = {
    service: Metrics,
    get entry() {
      return import.meta.resolve("@plinth/http/remote/metrics");
    },
    serve: (_service, link) => serveMetrics(link, surroundings().metrics, clock),
  };
  return [http, whereabouts, metrics] as const;
}
