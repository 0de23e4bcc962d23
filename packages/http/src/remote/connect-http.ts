import { platformError, type RemoteLink } from "@plinth/module";
import type { FastifyInstance } from "fastify";
import { createApp, type KnownRoute } from "../app.ts";
import type { AuthenticateOptions, Http, SignIn } from "../http.ts";
import { httpService, type RoutesPlace } from "../http-service.ts";
import { Mount } from "../mount.ts";
import { MountTable } from "../mount-table.ts";
import { admitTold, type PassedRequest } from "./admit.ts";
import type { Door, HttpBeginning, RemoteRoute } from "./exchange.ts";
import { listenAtDoor } from "./listen-at-door.ts";
import { remoteLog } from "./remote-log.ts";
import { createSignInDesk } from "./sign-in-desk.ts";

/**
 * The service `Http` in a process of the module's own. Routes, their schemas, handlers and errors are
 * here; who may call them, and everything else around them, is left to the host.
 */
export default async function connectHttp(link: RemoteLink): Promise<Http> {
  const beginning = await link.call<HttpBeginning>("begin");
  const { prefix, address, limits, places, authenticatedBy } = beginning;
  const { name: module } = link.module;
  const log = remoteLog(link);
  const known: KnownRoute[] = [];
  let app: FastifyInstance | undefined;

  const mounts = new MountTable();
  for (const place of places) mounts.add(new Mount(place.module, place.prefix));
  const place: RoutesPlace = {
    module,
    prefix,
    routes: [],
    mount(made) {
      app = made;
      report(link, "mount", []);
    },
  };

  link.handle("open", async ([door]): Promise<readonly RemoteRoute[]> => {
    if (app === undefined) return [];
    await app.ready();
    await listenAtDoor(app, door as Door, limits);
    return known.map(({ access, options: { method, url, constraints } }) => ({
      method,
      url,
      access,
      constraints: constraints as RemoteRoute["constraints"],
    }));
  });

  function authenticate(signIn: SignIn, options?: AuthenticateOptions): void {
    if (authenticatedBy !== undefined) {
      throw platformError("HTTP_AUTHENTICATION_TWICE", { first: authenticatedBy, second: module });
    }
    const desk = createSignInDesk(signIn, { limits, log, challenge: options?.challenge ?? "Bearer" });
    link.handle("sign-in", ([question]) => desk(question as Parameters<typeof desk>[0]));
    report(link, "authenticate", [options]);
  }

  return httpService(place, {
    mounts,
    address: () => address,
    authenticate,
    createApp: (onRoute) =>
      createApp({
        module,
        limits,
        log,
        onRoute,
        onReady: (route) => void known.push(route),
        guard: () => admitTold,
        challenge: (request) => (request.raw as PassedRequest).passport?.challenge ?? "Bearer",
      }),
  });
}

/**
 * Tells the host of something that it does not refuse, as far as is known here. Where it does all the
 * same, nobody waits for the answer: the module fails by the unhandled rejection.
 */
function report(link: RemoteLink, method: string, args: readonly unknown[]): void {
  link.call(method, args).catch((error: unknown) => {
    if (!link.signal.aborted) throw error;
  });
}
