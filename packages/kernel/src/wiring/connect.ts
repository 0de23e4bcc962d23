import {
  instanceFor,
  type ModuleDefinition,
  platformError,
  type ServiceConsumer,
  type ServiceRef,
} from "@plinth/module";

/** The services that are there now, by their ids: what each provider returned from `setup`. */
export type Services = Map<string, unknown>;

/**
 * Puts the services of one module into the context of its `setup`, under the names that its code
 * gives them. An optional one whose provider is not running is `undefined`.
 */
export function connect(
  definition: ModuleDefinition,
  consumer: ServiceConsumer,
  services: Services,
  context: Record<string, unknown>,
): void {
  for (const name in definition.requires) {
    context[name] = instanceFor(services.get((definition.requires[name] as ServiceRef<unknown>).id), consumer);
  }
  for (const name in definition.optional) {
    const { id } = definition.optional[name] as ServiceRef<unknown>;
    context[name] = services.has(id) ? instanceFor(services.get(id), consumer) : undefined;
  }
}

/**
 * Takes what `setup` of a module returned into `services`.
 *
 * @throws PlatformError `WIRING_SETUP_ASYNC` for a promise, `WIRING_MISSING_RESULT` for a service that is not in it.
 */
export function provide(module: string, definition: ModuleDefinition, result: unknown, services: Services): void {
  if (result instanceof Promise) {
    result.catch(() => {}); // the module fails for returning it; its rejection would only repeat that
    throw platformError("WIRING_SETUP_ASYNC", { module });
  }
  for (const name in definition.provides) {
    const value = (result as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (value === undefined) throw platformError("WIRING_MISSING_RESULT", { module, service: name });
    services.set((definition.provides[name] as ServiceRef<unknown>).id, value);
  }
}

/** Takes the services of a module that has stopped out of `services`. */
export function withdraw(definition: ModuleDefinition, services: Services): void {
  for (const ref of Object.values(definition.provides)) services.delete(ref.id);
}
