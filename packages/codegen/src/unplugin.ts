import path from "node:path";
import { manifestFileName } from "@plinth/kernel";
import { formatProblem, PlatformErrors } from "@plinth/module";
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { embeddedList } from "./embedded-list.ts";
import { generate } from "./generate.ts";
import { manifestsOf, nearestRoot, platformFileName, type Root } from "./roots.ts";

export interface CodegenPluginOptions {
  /** A folder in the platform, or the module, whose sources are generated. Default: the current folder. */
  readonly root?: string;
  /**
   * Makes the modules' migrations part of the bundle, so that it needs none of their folders where it
   * runs. Default `false`.
   */
  readonly embed?: boolean;
}

const listFile = /[\\/]src[\\/]modules\.gen\.ts$/;
const generatedFile = /[\\/]src[\\/]modules?\.gen\.ts$/;

/**
 * A plugin for Vite, Rollup, Rolldown, webpack, Rspack and esbuild that generates sources when a build
 * begins, and in watch mode again when a manifest changes. What is wrong fails the build; a Vite server
 * that is running already tells it on the standard error and goes on with the sources that it has.
 */
export const codegenPlugin: UnpluginInstance<CodegenPluginOptions | undefined, false> = createUnplugin(
  (options: CodegenPluginOptions | undefined) => {
    const rootOf = (): Root => nearestRoot(path.resolve(options?.root ?? "."));
    return {
      name: "plinth-codegen",
      enforce: "pre",
      esbuild: { onLoadFilter: generatedFile },

      buildStart() {
        const { problems } = generate(rootOf());
        if (problems.length > 0) throw new PlatformErrors(problems);
      },

      // The list of modules, with their files in it, takes the place of the file that holds it.
      loadInclude: (id) => options?.embed === true && listFile.test(id),
      load(id) {
        const list = embeddedList(rootOf());
        if (path.resolve(id) !== list.file) return undefined;
        for (const file of list.from) this.addWatchFile(file);
        return list.source;
      },

      // Bundlers watch what they have loaded; the generated files make them watch what these come from.
      transformInclude: (id) => generatedFile.test(id),
      transform(_, id) {
        for (const file of sourcesOf(id, rootOf)) this.addWatchFile(file);
        return undefined;
      },

      watchChange(id) {
        if (![manifestFileName, platformFileName].includes(path.basename(id))) return;
        const { problems } = generate(rootOf());
        if (problems.length > 0) console.error(problems.map(formatProblem).join("\n\n"));
      },
    };
  },
);

/** The files that a generated one follows from. */
function sourcesOf(generated: string, rootOf: () => Root): readonly string[] {
  const folder = path.resolve(path.dirname(generated), "..");
  if (path.basename(generated) !== "modules.gen.ts") return [path.join(folder, manifestFileName)];
  return [path.join(folder, platformFileName), ...manifestsOf(rootOf()).files];
}
