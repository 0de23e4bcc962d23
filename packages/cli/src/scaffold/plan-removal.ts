import { readFileSync } from "node:fs";
import path from "node:path";
import { createLocate, type RegisteredModule } from "@plinth/kernel";
import { platformError } from "@plinth/module";
import type { Inspected } from "../inspected.ts";
import type { Changes, FileEdit } from "./changes.ts";
import { findOwnModule, type OwnModule, ownModules } from "./own-module.ts";
import { readPackageFile, withoutDependency } from "./package-file.ts";
import { editYaml, withoutTopKey } from "./yaml-edit.ts";

/** How a module is to be removed. */
export interface RemovalPlan extends Changes {
  readonly module: OwnModule;
  /** Where its folder is while it is being removed, absolute: it goes as a whole, and can come back until the end. */
  readonly removed: string;
  /** What is left to people, each a paragraph. */
  readonly todo: readonly string[];
}

/**
 * Finds out everything that the removal of a module changes, and changes nothing.
 *
 * @throws PlatformError `SCAFFOLD_IN_USE` with every place where another module depends on it.
 */
export function planRemoval({ root, modules }: Inspected, name: string): RemovalPlan {
  const module = findOwnModule(modules, name);
  refuseWhileInUse(name, modules);
  const packageName = readPackageFile(module.folder)?.content.name;
  const file = path.join(root, "platform.yaml");
  const before = readFileSync(file, "utf8");
  const settings = editYaml(file, before).document.value as Readonly<Record<string, unknown>> | null;
  const hasSettings = settings !== null && typeof settings === "object" && name in settings;
  const without = hasSettings ? withoutTopKey(before, name) : undefined;
  const edits: FileEdit[] = [
    ...(without === undefined ? [] : [{ file, before, after: without }]),
    ...(packageName === undefined ? [] : editPackages(root, packageName, ownModules(modules), module)),
  ];
  const removed = path.join(path.dirname(module.folder), `.${path.basename(module.folder)}.${process.pid}.removed`);
  return {
    module,
    edits,
    moves: [{ from: module.folder, to: removed }],
    removed,
    todo: [
      ...dataLeft(module),
      ...(hasSettings && without === undefined ? [`Take the settings of ${name} out of platform.yaml.`] : []),
      ...(packageName === undefined ? [] : [`npm install forgets the link to ${packageName}.`]),
    ],
  };
}

function refuseWhileInUse(name: string, modules: readonly RegisteredModule[]): void {
  const dependents = modules.filter(({ manifest }) => manifest.dependencies.some((each) => each.name === name));
  if (dependents.length === 0) return;
  const locate = createLocate();
  const at = dependents.flatMap(({ manifest: { file } }) =>
    file === undefined ? [] : [locate(file, ["dependencies", name])],
  );
  const names = dependents.map(({ manifest }) => `"${manifest.name}"`).join(", ");
  throw platformError("SCAFFOLD_IN_USE", { module: name, dependents: names }, { at });
}

function editPackages(
  root: string,
  packageName: string,
  modules: readonly OwnModule[],
  removed: OwnModule,
): FileEdit[] {
  const folders = [root, ...modules.filter((module) => module !== removed).map(({ folder }) => folder)];
  return folders.flatMap((folder) => {
    const file = readPackageFile(folder);
    if (file === undefined) return [];
    const after = withoutDependency(file, packageName);
    return after === file.text ? [] : [{ file: file.file, before: file.text, after }];
  });
}

function dataLeft({ name, module }: OwnModule): string[] {
  const { sections } = module.manifest;
  const statements = [
    ...(sections.migrations === undefined
      ? []
      : [
          `  drop schema if exists "${name.replaceAll("-", "_")}" cascade;`,
          `  delete from plinth.migrations where module = '${name}';`,
        ]),
    ...(sections.permissions === undefined
      ? []
      : [`  delete from grants.role_grants where pattern like '${name}.%';   -- where roles are kept there`]),
  ];
  if (statements.length === 0) return [];
  return [
    `What the module has in a database stays there. When nobody needs it any more, and no version that is still running or may come back, remove it:\n${statements.join("\n")}`,
  ];
}
