import { fitsPattern } from "@plinth/kernel";
import { isModuleDefinition } from "@plinth/module";
import type { PlatformOptions } from "../options.ts";

/**
 * Whether a pattern of module folders names the folder of a module that is compiled in, so that it
 * need find nothing on disk: a bundle runs where these folders are not.
 */
export function namesCompiledFolder({ root, modules = [] }: PlatformOptions, pattern: string): boolean {
  return (
    root !== undefined &&
    modules.some((module) => !isModuleDefinition(module) && fitsPattern(root, pattern, module.folder))
  );
}
