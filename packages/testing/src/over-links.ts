import {
  type ConnectRemote,
  type Hook,
  type ModuleContext,
  type ModuleDefinition,
  type RemoteService,
  type ServiceRef,
  systemClock,
} from "@plinth/module";
import { linkPair } from "./link-pair.ts";

/**
 * The module as it is when the platform's services reach it from another process, but in this one: to
 * find out quickly whether it can do without what only works inside one process. Its `setup` runs when
 * it starts. What it provides is not copied.
 *
 * @param remotes how services are used from another process; the others are handed over as they are.
 */
export function overLinks(
  definition: ModuleDefinition,
  // biome-ignore lint/suspicious/noExplicitAny: a list of services of any type
  remotes: readonly RemoteService<any>[],
): ModuleDefinition {
  const refs: Readonly<Record<string, ServiceRef<unknown>>> = { ...definition.optional, ...definition.requires };
  const setup = (context: ModuleContext<unknown> & Readonly<Record<string, unknown>>) => {
    const module = definition.manifest?.name ?? "";
    const { lifecycle } = context;
    const stopHooks: Hook[] = [];
    const ends: (() => void)[] = [];
    let provided: Readonly<Record<string, object>> = {};
    lifecycle.onStart(async (signal) => {
      const given: Record<string, unknown> = { ...context };
      for (const [name, ref] of Object.entries(refs)) {
        const remote = remotes.find(({ service }) => service.id === ref.id);
        if (remote === undefined || context[name] === undefined) continue;
        const pair = linkPair(module);
        ends.push(pair.end);
        remote.serve(context[name], pair.host);
        const { default: connect } = (await import(remote.entry)) as { default: ConnectRemote<unknown> };
        given[name] = await connect(pair.child);
      }
      const startHooks: Hook[] = [];
      given.clock = systemClock;
      given.lifecycle = {
        ...lifecycle,
        onStart: (hook: Hook) => void startHooks.push(hook),
        onStop: (hook: Hook) => void stopHooks.push(hook),
      };
      provided = (definition.setup(given as typeof context) ?? {}) as typeof provided;
      for (const hook of startHooks) await hook(signal);
      // That it has started is told by another process after everything that it told before.
      await new Promise((resolve) => setImmediate(resolve));
    });
    lifecycle.onStop(async (signal) => {
      for (const hook of stopHooks.toReversed()) await hook(signal);
      for (const end of ends) end();
    });
    return Object.fromEntries(
      Object.keys(definition.provides).map((name) => [
        name,
        new Proxy({}, { get: (_, key) => provided[name]?.[key as keyof object] }),
      ]),
    );
  };
  return { ...definition, setup };
}
