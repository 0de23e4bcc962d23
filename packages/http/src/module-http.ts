import { type Logger, PlatformError, platformError } from "@plinth/module";
import type { PermissionCatalogue } from "@plinth/permissions";
import type { FastifyInstance, RouteHandlerMethod } from "fastify";
import { accessOf } from "./access.ts";
import { createApp } from "./app.ts";
import type { Authentication } from "./authentication.ts";
import type { AddRoute, Http, HttpAddress, RouteOptions } from "./http.ts";
import type { Mount } from "./mount.ts";
import type { MountTable } from "./mount-table.ts";
import { isUnder, joinPath } from "./paths.ts";
import type { HttpLimits } from "./settings.ts";

export interface ModuleHttpSources {
  readonly mounts: MountTable;
  readonly authentication: Authentication;
  readonly permissions: PermissionCatalogue;
  readonly limits: HttpLimits;
  readonly log: Logger;
  readonly address: () => HttpAddress | undefined;
}

/** The service `Http` of one module. Its Fastify instance is made with its first route. */
export function moduleHttp(mount: Mount, sources: ModuleHttpSources): Http {
  const { module, prefix } = mount;
  const { authentication, mounts, address } = sources;
  let app: FastifyInstance | undefined;

  function ownApp(): FastifyInstance {
    if (app === undefined) {
      const onRoute = (name: string, url: string) => claimRoute(mount, mounts, name, url);
      app = createApp({ module, onRoute, ...sources });
      mount.mount(app);
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
    authenticate: (signIn, options) => authentication.install(module, signIn, options),
    address,
    get fastify() {
      return ownApp();
    },
  };
}

/** @throws PlatformError for a route that no request would reach. */
function claimRoute(mount: Mount, mounts: MountTable, route: string, url: string): void {
  const { module, prefix } = mount;
  if (url === "*" || url === "/*") return;
  if (!isUnder(url, prefix)) throw platformError("HTTP_ROUTE_OUTSIDE", { module, route, prefix });
  const other = mounts.shadowing(url, prefix);
  if (other !== undefined) {
    throw platformError("HTTP_ROUTE_SHADOWED", { module, route, other: other.module, prefix: other.prefix });
  }
  mount.routes.push({ name: route, url });
}

function hintFor(code: string | undefined): string {
  if (code === "FST_ERR_DUPLICATED_ROUTE") return "Register each method and path once, and remove the second one.";
  if (code === "FST_ERR_INSTANCE_ALREADY_LISTENING") return "Register all routes in setup.";
  return "Mend what the reason names.";
}
