import type { BootPlan, ManifestSchema, ModuleRegistry, RegisteredModule } from "@plinth/kernel";
import type { PlatformError } from "@plinth/module";
import { checkExtensions } from "./check-extensions.ts";
import type { PlatformOptions } from "./options.ts";
import { readPlatform } from "./read-platform.ts";
import type { Settings } from "./settings/resolve-settings.ts";

/** What can be known of a platform without running any of its code. */
export interface Inspection {
  /** `undefined` when they could not be put together. */
  readonly settings: Settings | undefined;
  readonly registry: ModuleRegistry;
  /** What manifests may hold here. */
  readonly schema: ManifestSchema;
  /** The host's own modules too; in plan order where there is a plan, else by name. */
  readonly modules: readonly RegisteredModule[];
  /** `undefined` when the modules cannot be put in order. */
  readonly plan: BootPlan | undefined;
  /** Everything that is wrong, found in one run. */
  readonly problems: readonly PlatformError[];
}

/** Reads and checks a platform without loading its modules' code. Throws nothing for what people wrote. */
export async function inspectPlatform(options: PlatformOptions): Promise<Inspection> {
  const read = readPlatform(
    options,
    () => {
      throw new Error("an inspected platform does not run");
    },
    false,
  );
  const { registry, modules, plan } = read;
  const problems = [...read.problems, ...(await checkExtensions(read.prepared.extensions, modules))];
  return {
    settings: read.prepared.settings.checked(),
    registry,
    schema: read.prepared.schema,
    modules,
    plan,
    problems,
  };
}
