import { instanceFor, type ModuleDefinition, platformError, type ServiceConsumer } from "@plinth/module";

/** The services that are there now, by their ids: what each provider returned from `setup`. */
export type Services = Map<string, unknown>;

/**
 * The services for `setup` of one module, under the names that its code gives them. An optional one
 * whose provider is not running is `undefined`.
 */
export function servicesFor(
  definition: ModuleDefinition,
  consumer: ServiceConsumer,
  services: Services,
): Record<string, unknown> {
  const connected: Record<string, unknown> = {};
  for (const [name, ref] of Object.entries(definition.requires)) {
    connected[name] = instanceFor(services.get(ref.id), consumer);
  }
  for (const [name, ref] of Object.entries(definition.optional)) {
    connected[name] = services.has(ref.id) ? instanceFor(services.get(ref.id), consumer) : undefined;
  }
  return connected;
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
  for (const [name, ref] of Object.entries(definition.provides)) {
    const value = (result as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (value === undefined) throw platformError("WIRING_MISSING_RESULT", { module, service: name });
    services.set(ref.id, value);
  }
}

/** Takes the services of a module that has stopped out of `services`. */
export function withdraw(definition: ModuleDefinition, services: Services): void {
  for (const ref of Object.values(definition.provides)) services.delete(ref.id);
}
