import { platformError } from "./errors/platform-error.ts";

declare const serviceType: unique symbol;

/**
 * A typed reference to a service that one module provides and others require. It carries no
 * implementation: the platform connects both ends by `id`.
 */
export interface ServiceRef<T> {
  /** `<module>.<service>`, for example `tickets.tickets`. Two references are the same when their ids are. */
  readonly id: string;
  /** The name of the module that provides the service: the part of `id` before the dot. */
  readonly module: string;
  /** Exists for the type checker only; it is never set. */
  readonly [serviceType]?: T;
}

/** The type of the service that a reference stands for. */
export type ServiceOf<Ref> = Ref extends ServiceRef<infer T> ? T : never;

/** References by the name under which a module sees the service. */
// biome-ignore lint/suspicious/noExplicitAny: a record of references to services of any type
export type ServiceRefs = Readonly<Record<string, ServiceRef<any>>>;

const serviceId = /^([a-z][a-z0-9-]*)\.([A-Za-z][A-Za-z0-9-]*)$/;

/**
 * Makes the reference by which a service is required and provided.
 *
 * @param id `<module>.<service>`; the first part must be the name of the providing module.
 * @throws PlatformError `WIRING_SERVICE_ID` when the id has another form.
 */
export function service<T>(id: string): ServiceRef<T> {
  const module = serviceId.exec(id)?.[1];
  if (module === undefined) throw platformError("WIRING_SERVICE_ID", { id });
  return Object.freeze({ id, module });
}

const scopedFactory: unique symbol = Symbol.for("plinth.scoped");

/** A service that each requiring module gets an own instance of. */
export interface Scoped<T> {
  readonly [scopedFactory]: (consumer: ServiceConsumer) => T;
}

/** The module that is being given a scoped service. */
export interface ServiceConsumer {
  readonly name: string;
  readonly version: string;
}

/**
 * Provides a service of which each requiring module gets its own instance, as the HTTP host does
 * with its routes and the database with its schemas. `create` runs once for each requiring module,
 * before that module's `setup`.
 */
export function scoped<T>(create: (consumer: ServiceConsumer) => T): Scoped<T> {
  return Object.freeze({ [scopedFactory]: create });
}

/** Gives `consumer` its instance of what a module provided: the value itself unless it is scoped. */
export function instanceFor<T>(provided: T | Scoped<T>, consumer: ServiceConsumer): T {
  return isScoped(provided) ? provided[scopedFactory](consumer) : provided;
}

function isScoped<T>(value: T | Scoped<T>): value is Scoped<T> {
  return typeof value === "object" && value !== null && scopedFactory in value;
}
