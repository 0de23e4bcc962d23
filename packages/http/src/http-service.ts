import { PlatformError, platformError } from "@plinth/module";
import type { FastifyInstance, RouteHandlerMethod } from "fastify";
import { accessOf } from "./access.ts";
import type { AppOptions } from "./app.ts";
import type { AddRoute, Http, RouteOptions } from "./http.ts";
import type { Mount } from "./mount.ts";
import type { MountTable } from "./mount-table.ts";
import { isUnder, joinPath } from "./paths.ts";

/** Where the routes of a module go. */
export type RoutesPlace = Pick<Mount, "module" | "prefix" | "routes" | "mount">;

/** What the service of a module is made of. */
export interface HttpServiceParts extends Pick<Http, "authenticate" | "address"> {
  /** The places of all modules. */
  readonly mounts: Pick<MountTable, "shadowing">;
  readonly createApp: (onRoute: AppOptions["onRoute"]) => FastifyInstance;
}

/** The service `Http` of one module. Its Fastify instance is made with its first route. */
export function httpService(place: RoutesPlace, { mounts, createApp, authenticate, address }: HttpServiceParts): Http {
  const { module, prefix } = place;
  let app: FastifyInstance | undefined;

  function ownApp(): FastifyInstance {
    if (app === undefined) {
      app = createApp((name, url) => claimRoute(place, mounts, name, url));
      place.mount(app);
    }
    return app;
  }

  function adding(method: string): AddRoute {
    return (path: string, options: RouteOptions, handler: unknown) => {
      const route = `${method} ${path}`;
      if (typeof path !== "string" || !path.startsWith("/")) {
        const values = { module, route, reason: "its path does not begin with a slash", hint: 'Write "/" before it.' };
        throw platformError("HTTP_ROUTE_REFUSED", values);
      }
      try {
        ownApp().route({
          method,
          url: joinPath(prefix, path),
          ...(options?.schema === undefined ? {} : { schema: options.schema }),
          ...(options?.bodyLimit === undefined ? {} : { bodyLimit: options.bodyLimit }),
          config: { access: accessOf(options) },
          handler: handler as RouteHandlerMethod,
        });
      } catch (cause) {
        if (cause instanceof PlatformError) throw cause;
        const { message: reason, code } = cause as { readonly message: string; readonly code?: string };
        throw platformError("HTTP_ROUTE_REFUSED", { module, route, reason, hint: hintFor(code) }, { cause });
      }
    };
  }

  return {
    prefix,
    get: adding("GET"),
    post: adding("POST"),
    put: adding("PUT"),
    patch: adding("PATCH"),
    delete: adding("DELETE"),
    authenticate,
    address,
    get fastify() {
      return ownApp();
    },
  };
}

/** @throws PlatformError for a route that no request would reach. */
function claimRoute(
  { module, prefix, routes }: RoutesPlace,
  mounts: HttpServiceParts["mounts"],
  route: string,
  url: string,
): void {
  if (url === "*" || url === "/*") return;
  if (!isUnder(url, prefix)) throw platformError("HTTP_ROUTE_OUTSIDE", { module, route, prefix });
  const other = mounts.shadowing(url, prefix);
  if (other !== undefined) {
    throw platformError("HTTP_ROUTE_SHADOWED", { module, route, other: other.module, prefix: other.prefix });
  }
  routes.push({ name: route, url });
}

function hintFor(code: string | undefined): string {
  if (code === "FST_ERR_DUPLICATED_ROUTE") return "Register each method and path once, and remove the second one.";
  if (code === "FST_ERR_INSTANCE_ALREADY_LISTENING") return "Register all routes in setup.";
  return "Mend what the reason names.";
}
