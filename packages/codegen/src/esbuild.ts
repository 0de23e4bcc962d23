import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Loader, Plugin, PluginBuild } from "esbuild";
import { codegenPlugin } from "./unplugin.ts";

export interface BundlePluginOptions {
  /** A folder in the platform. Default: the current folder. */
  readonly root?: string;
}

/** Beside the bundle: what processes of isolated modules run. */
const processFolder = "isolation";

const entryByName = /\bimport\.meta\.resolve\(\s*"([^"]+)"\s*\)/g;
const fileBeside = /\bnew URL\(\s*"\.\/([\w.-]+\.(?:wasm|data))"\s*,\s*import\.meta\.url\s*\)/g;

/**
 * Makes esbuild bundle a program that runs a platform, for Node, as a file that needs no packages and
 * no folders of modules. The modules' migrations become part of it. Beside it are laid what cannot be
 * in one file: what is loaded as data, as PGlite does, and, in the folder `isolation`, the programs that
 * processes of isolated modules run.
 */
export function bundlePlugin(options: BundlePluginOptions = {}): Plugin {
  return {
    name: "plinth-bundle",
    async setup(build) {
      setOptions(build);
      const separate = new Map<string, string>();
      const beside = new Map<string, string>();
      await codegenPlugin.esbuild({ ...options, embed: true }).setup(build);
      build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path: file }) => {
        const text = readFileSync(file, "utf8");
        for (const [, name = ""] of text.matchAll(fileBeside)) beside.set(name, path.join(path.dirname(file), name));
        if (text.search(entryByName) < 0) return undefined;
        for (const [, name = ""] of text.matchAll(entryByName)) separate.set(name, await resolved(build, name, file));
        const contents = text.replace(entryByName, (_, name) => `new URL("${urlOf(name)}", import.meta.url).href`);
        return { contents, loader: path.extname(file).slice(-2) as Loader };
      });
      build.onEnd(async ({ errors }) => {
        if (errors.length > 0) return;
        const folder = folderOf(build);
        for (const [name, file] of beside) if (existsSync(file)) copy(file, path.join(folder, name));
        if (separate.size > 0) await bundleSeparately(build, folder, separate);
      });
    },
  };
}

/** Packages in CommonJS ask for Node's own modules by `require`. */
const requireInModules =
  'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';

function setOptions({ initialOptions: set }: PluginBuild): void {
  set.bundle = true;
  set.format = "esm";
  set.platform = "node";
  set.target ??= "node22.19";
  // What pg would rather use is a package that people install besides.
  set.external = [...(set.external ?? []), "pg-native"];
  set.banner = { ...set.banner, js: [requireInModules, set.banner?.js ?? ""].join("\n") };
}

async function resolved(build: PluginBuild, name: string, importer: string): Promise<string> {
  const found = await build.resolve(name, { kind: "import-statement", importer, resolveDir: path.dirname(importer) });
  if (found.errors.length > 0) throw new Error(`${importer} names ${name}, which was not found`);
  return found.path;
}

function fileNameOf(name: string): string {
  return name.replace(/^@/, "").replaceAll("/", "-");
}

function urlOf(name: string): string {
  return `./${processFolder}/${fileNameOf(name)}.mjs`;
}

function folderOf({ initialOptions: { absWorkingDir = ".", outfile, outdir } }: PluginBuild): string {
  return path.resolve(absWorkingDir, outdir ?? path.dirname(outfile ?? "."));
}

function copy(file: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(file, to);
}

async function bundleSeparately(
  { esbuild, initialOptions }: PluginBuild,
  folder: string,
  entries: ReadonlyMap<string, string>,
): Promise<void> {
  const { outfile: _, plugins: __, entryNames: ___, ...options } = initialOptions;
  await esbuild.build({
    ...options,
    entryPoints: Object.fromEntries([...entries].map(([name, file]) => [fileNameOf(name), file])),
    outdir: path.join(folder, processFolder),
    outExtension: { ".js": ".mjs" },
    splitting: true,
    metafile: false,
    write: true,
  });
}
