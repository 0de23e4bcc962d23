import type { RegisteredModule } from "@plinth/kernel";
import { platformError } from "@plinth/module";
import { findModule } from "../find-module.ts";

/** A module that lies in a folder of the platform, and may be changed. */
export interface OwnModule {
  readonly module: RegisteredModule;
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Its manifest, absolute. */
  readonly manifest: string;
}

/** The modules that lie in folders of the platform itself. */
export function ownModules(modules: readonly RegisteredModule[]): readonly OwnModule[] {
  return modules.flatMap((module) => {
    const { source, path: folder, manifest } = module;
    const isOwn = source === "directory" && folder !== undefined && !/[\\/]node_modules[\\/]/.test(folder);
    return isOwn && manifest.file !== undefined
      ? [{ module, name: manifest.name, folder, manifest: manifest.file }]
      : [];
  });
}

/** @throws PlatformError `COMMAND_MODULE_UNKNOWN` or `SCAFFOLD_BUILT_IN`. */
export function findOwnModule(modules: readonly RegisteredModule[], name: string): OwnModule {
  const module = findModule(modules, name);
  const own = ownModules(modules).find((each) => each.module === module);
  if (own === undefined) throw platformError("SCAFFOLD_BUILT_IN", { module: name });
  return own;
}
