import type { Manifest, ModuleSourceKind } from "@plinth/module";
import type { BootPlan, RegisteredModule } from "./boot-plan.ts";

/** A module in a few words: ranges by name, `?` before a range that is optional. */
export interface Sketch {
  readonly version?: string;
  readonly needs?: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly source?: ModuleSourceKind;
  readonly path?: string;
}

export function moduleNamed(name: string, sketch: Sketch = {}): RegisteredModule {
  const manifest: Manifest = {
    name,
    version: sketch.version ?? "1.0.0",
    description: undefined,
    platform: sketch.platform,
    dependencies: Object.entries(sketch.needs ?? {}).map(([other, range]) => ({
      name: other,
      range: range.replace("?", ""),
      optional: range.startsWith("?"),
    })),
    main: undefined,
    critical: true,
    timeouts: { start: undefined, stop: undefined },
    sections: {},
    file: undefined,
  };
  return { manifest, source: sketch.source ?? "static", path: sketch.path, definition: undefined };
}

export function modulesFrom(sketches: Readonly<Record<string, Sketch>>): RegisteredModule[] {
  return Object.entries(sketches).map(([name, sketch]) => moduleNamed(name, sketch));
}

/** The plan as `name <- the modules it waits for`. */
export function told({ modules }: BootPlan): string[] {
  return modules.map(({ manifest, dependencies }) =>
    [
      manifest.name,
      ...(dependencies.length === 0 ? [] : ["<-"]),
      ...dependencies.map((at) => modules[at]?.manifest.name),
    ].join(" "),
  );
}
