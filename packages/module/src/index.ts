export { type Clock, systemClock, type Timer } from "./clock.ts";
export { durationPattern, isDuration, parseDuration } from "./duration.ts";
export { defineErrors, type ErrorTable, type ErrorText } from "./errors/define.ts";
export {
  type ErrorDetails,
  PlatformError,
  PlatformErrors,
  type Problem,
  platformError,
  problemsOf,
  type SourceLocation,
} from "./errors/platform-error.ts";
export { formatLocation, formatProblem } from "./errors/render.ts";
export { type ErrorCode, errorAreas, errorTable } from "./errors/table.ts";
export {
  type Capability,
  type Extension,
  type ModuleFacts,
  Platform,
  type PlatformHost,
  type SectionSchema,
} from "./extension.ts";
export type {
  DependencyListener,
  HealthCheck,
  HealthResult,
  Hook,
  Lifecycle,
  MaybePromise,
  ModuleHealth,
  ModuleSourceKind,
  ModuleState,
  ModuleStatus,
  Phase,
  PlatformEvent,
  PlatformState,
  PlatformStatus,
  Span,
  StartReport,
} from "./lifecycle.ts";
export { type Logger, type LogMethod, silentLogger } from "./log.ts";
export type { Dependency, DependencyInput, Duration, Manifest, ManifestInput } from "./manifest.ts";
export {
  defineModule,
  isModuleDefinition,
  type ModuleContext,
  type ModuleDefinition,
  type ModuleSpec,
  type NoRefs,
  type ServicesOf,
  type SetupContext,
  type SetupResult,
} from "./module.ts";
export type { ModuleFile, ModuleFiles } from "./module-files.ts";
export { editDistance, nearest } from "./nearest.ts";
export { neededModules, servicesUsed } from "./needed-modules.ts";
export type { ConnectRemote, RemoteCallOptions, RemoteHandler, RemoteLink, RemoteService } from "./remote.ts";
export { noRights, type Rights } from "./rights.ts";
export {
  instanceFor,
  type Scoped,
  type ServiceConsumer,
  type ServiceOf,
  type ServiceRef,
  type ServiceRefs,
  scoped,
  service,
} from "./service.ts";
