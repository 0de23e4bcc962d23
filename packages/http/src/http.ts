import { type ServiceRef, service } from "@plinth/module";
import type { Principal } from "@plinth/permissions";
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, RouteGenericInterface } from "fastify";
import type { Access } from "./access.ts";

/** A module's way to the platform's HTTP host. Each module has its own, with its own prefix. */
export interface Http {
  /** Where the module's routes begin, for example `/tickets`. */
  readonly prefix: string;
  readonly get: AddRoute;
  readonly post: AddRoute;
  readonly put: AddRoute;
  readonly patch: AddRoute;
  readonly delete: AddRoute;
  /**
   * Makes `signIn` say who a request is from, on the routes of all modules that are not public,
   * while the calling module is running.
   *
   * @throws PlatformError `HTTP_AUTHENTICATION_TWICE` when another module does so already.
   */
  authenticate(signIn: SignIn, options?: AuthenticateOptions): void;
  /** Where the host listens; `undefined` before it does and after it has stopped. */
  address(): HttpAddress | undefined;
  /**
   * The module's own Fastify instance, for plugins and for what the methods above do not offer. Its
   * routes must lie under `prefix` and state their access as `config: { access: { public: true } }`.
   */
  readonly fastify: FastifyInstance;
}

/** Adds a route in `setup`. `path` is relative to the module's prefix and begins with a slash; `/` is the prefix itself. */
export interface AddRoute {
  <Route extends RouteGenericInterface = RouteGenericInterface>(
    path: string,
    options: RouteOptions & GuardedAccess,
    handler: RouteHandler<Route, Principal>,
  ): void;
  <Route extends RouteGenericInterface = RouteGenericInterface>(
    path: string,
    options: RouteOptions & PublicAccess,
    handler: RouteHandler<Route, undefined>,
  ): void;
}

type PublicAccess = Extract<Access, { readonly public: true }>;
type GuardedAccess = Exclude<Access, PublicAccess>;

export interface RouteOptions {
  /** Schemas of params, query, headers, body and answers, as Fastify takes them. */
  readonly schema?: FastifySchema;
  /** The most bytes of the body on this route. Default: the setting `http.bodyLimit`. */
  readonly bodyLimit?: number;
}

/** Answers a request: what it returns, or what the promise holds, is sent. It may throw an `HttpProblem`. */
export type RouteHandler<Route extends RouteGenericInterface, Signed extends Principal | undefined> = (
  request: HttpRequest<Route, Signed>,
  reply: FastifyReply<Route>,
) => unknown;

/** Fastify's request, with who it is from. */
export type HttpRequest<
  Route extends RouteGenericInterface = RouteGenericInterface,
  Signed extends Principal | undefined = Principal | undefined,
> = FastifyRequest<Route> & { readonly principal: Signed };

/** Says who a request is from; `undefined` for nobody. An error it throws is answered like a handler's. */
export type SignIn = (request: FastifyRequest) => Principal | undefined | Promise<Principal | undefined>;

export interface AuthenticateOptions {
  /** The header `WWW-Authenticate` of a 401. Default: `Bearer`. */
  readonly challenge?: string;
}

/** Where the host listens. */
export interface HttpAddress {
  readonly host: string;
  readonly port: number;
  /** For people on this machine: an unspecified address is shown as `localhost`. */
  readonly url: string;
}

/** The platform's HTTP host, as a service that any module may require. */
export const Http: ServiceRef<Http> = service<Http>("http.http");

/** Where things are at the HTTP host, for those who tell others of it without having routes themselves. */
export interface HttpDirectory {
  /** Where the host listens; `undefined` before it does and after it has stopped. */
  address(): HttpAddress | undefined;
  /** Where the routes of a module begin; `undefined` for one that has none. */
  prefixOf(module: string): string | undefined;
}

/** The host's directory, as a service that any module may require. */
export const HttpDirectory: ServiceRef<HttpDirectory> = service<HttpDirectory>("http.directory");
