export type { Access } from "./access.ts";
export { type HttpOptions, httpCapability } from "./capability.ts";
export type { Locate } from "./check-prefixes.ts";
export {
  type AddRoute,
  type AuthenticateOptions,
  Http,
  type HttpAddress,
  HttpDirectory,
  type HttpRequest,
  type RouteHandler,
  type RouteOptions,
  type SignIn,
} from "./http.ts";
export { Metrics, type ModuleMetrics } from "./module-metrics.ts";
export {
  HttpProblem,
  type HttpProblemOptions,
  missingPermission,
  type ProblemDocument,
  problemKinds,
} from "./problem.ts";
export { type HttpSection, httpSection } from "./section.ts";
export type { HttpSettings } from "./settings.ts";
