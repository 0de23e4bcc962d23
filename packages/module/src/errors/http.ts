import { defineErrors } from "./define.ts";

/** The HTTP host. */
export const httpErrors = defineErrors({
  HTTP_PREFIX_TAKEN: {
    message: 'the modules "{first}" and "{second}" both serve the prefix {prefix}',
    fix: "Give one of them another prefix: http.prefix in its manifest, for example /other.",
    why: "A request belongs to exactly one module, which is found by the beginning of its path. With one prefix for two modules nobody could say which of them answers.",
  },
  HTTP_PREFIX_RESERVED: {
    message: 'module "{module}" serves the prefix {prefix}, but {reserved} belongs to the platform',
    fix: "Give the module another prefix: http.prefix in its manifest, for example /other.",
    why: "The platform answers /livez, /readyz and /metrics itself, so that probes and scrapers find them in every platform at the same place.",
  },
  HTTP_ROUTE_SHADOWED: {
    message: 'the route {route} of module "{module}" lies under {prefix}, the prefix of module "{other}"',
    fix: "Change the path of the route, or the prefix of one of the two modules.",
    why: "The longest prefix that fits a path decides which module answers. No request would ever reach this route.",
  },
  HTTP_ROUTE_OUTSIDE: {
    message: 'the route {route} of module "{module}" lies outside of its prefix {prefix}',
    fix: "Register it under the module's prefix: pass http.prefix as the option prefix of http.fastify.register.",
    why: "Only requests under its prefix reach a module. No request would ever reach this route.",
  },
  HTTP_ROUTE_REFUSED: {
    message: 'module "{module}" cannot add the route {route}: {reason}',
    fix: "{hint}",
    why: "Routes are registered in setup, each method and path once, with a path that begins with a slash. What is wrong with one is found there and not by the first request.",
  },
  HTTP_ROUTES_INVALID: {
    message: 'the routes of module "{module}" cannot be opened: {reason}',
    fix: "Mend the schema or the plugin that the reason names.",
    why: "The schemas of all routes are compiled, and the plugins are loaded, before the first request is let in.",
  },
  HTTP_AUTHENTICATION_TWICE: {
    message: 'module "{second}" signs requests in, but module "{first}" does so already',
    fix: "Call http.authenticate in one module only.",
    why: "Two modules that say who a request is from could contradict each other, and the order of the start would say which of them counts.",
  },
  HTTP_PORT_BUSY: {
    message: "cannot listen on {host}:{port}: another process does already",
    fix: "Stop that process (on Linux, ss -ltnp 'sport = :{port}' names it), or choose another port: http.port in platform.yaml, or PLATFORM_HTTP__PORT.",
    why: "A port of an address can be listened on once. Most often another instance of the same platform is still running.",
  },
  HTTP_PORT_DENIED: {
    message: "cannot listen on {host}:{port}: the system does not allow it",
    fix: "Choose a port above 1023: http.port in platform.yaml, or PLATFORM_HTTP__PORT.",
    why: "On most systems low ports are for privileged processes. A platform needs no such rights: a proxy in front of it can hold the low port.",
  },
  HTTP_LISTEN_FAILED: {
    message: "cannot listen on {host}:{port}: {reason}",
    fix: "Choose an address of this machine: http.host in platform.yaml, or PLATFORM_HTTP__HOST.",
    why: "The host must be an address of this machine, or a name that stands for one: 127.0.0.1 for this machine alone, 0.0.0.0 or :: for everybody.",
  },
});
