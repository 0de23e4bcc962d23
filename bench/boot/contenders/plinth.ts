import { checkWiring, createRegistry, loadModules, ModuleLifecycle } from "@plinth/kernel";
import { defineModule, type Manifest, type ServiceRef, service } from "@plinth/module";
import type { Boot } from "../contender.ts";

/** Registry, plan, wiring, states, events, timeouts and report: everything that a start of real modules has. */
export const boot: Boot = async ({ needs }, start) => {
  const refs: ServiceRef<object>[] = needs.map((_, module) => service<object>(`m${module}.it`));
  const registry = createRegistry({ hostVersion: "1.0.0" });
  needs.forEach((each, module) => {
    registry.register({
      manifest: manifestOf(module, each),
      source: "static",
      path: undefined,
      definition: defineModule({
        requires: Object.fromEntries(each.map((need, at) => [`need${at}`, refs[need] as ServiceRef<object>])),
        provides: { it: refs[module] as ServiceRef<object> },
        setup({ lifecycle }) {
          lifecycle.onStart(start);
          return { it: {} };
        },
      }),
    });
  });
  const modules = await loadModules(registry.resolve());
  if (checkWiring(modules).length > 0) throw new Error("the graph is wired wrongly");
  const lifecycle = new ModuleLifecycle({ modules });
  let events = 0;
  lifecycle.onEvent(() => {
    events += 1;
  });
  const report = await lifecycle.start();
  if (report.spans.length === 0 || events === 0) throw new Error("nothing was started");
};

function manifestOf(module: number, needs: readonly number[]): Manifest {
  return {
    name: `m${module}`,
    version: "1.0.0",
    description: undefined,
    platform: "^1.0.0",
    dependencies: needs.map((need) => ({ name: `m${need}`, range: "^1.0.0", optional: false })),
    main: undefined,
    critical: true,
    timeouts: { start: undefined, stop: undefined },
    sections: {},
    file: undefined,
  };
}
