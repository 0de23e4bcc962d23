import { type PlatformError, PlatformErrors, platformError, type Rights } from "@plinth/module";
import { hostVersion } from "@plinth/platform";
import {
  checkFit,
  checkReplaces,
  type ExaminedPlugin,
  examinePlugin,
  fetchPlugin,
  installPlugin,
  type LockedPlugin,
  listRights,
  parseRights,
  readLock,
  verifyPlugins,
} from "@plinth/plugins";
import type { Context } from "../context.ts";
import type { Inspected } from "../inspected.ts";
import { createPaint, wantsColour } from "../output/paint.ts";
import { folderOf, type GlobalOptions } from "../root.ts";
import { ask, canAsk } from "../scaffold/ask.ts";
import { askedRights } from "./asked-rights.ts";
import { describePlugin } from "./describe-plugin.ts";
import { type PluginPlatform, pluginPlatform } from "./plugin-platform.ts";
import { type ShownPlugin, shownPlugin } from "./shown-plugin.ts";

/** The options of `plugins add`. */
export interface AddOptions extends GlobalOptions {
  readonly grant?: readonly string[];
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What `plugins add` has done. */
export interface AddedPlugin {
  /** The platform as it was before. */
  readonly inspection: Inspected;
  readonly plugin: ShownPlugin;
  /** The version that was installed before. */
  readonly replaced: string | null;
  readonly changed: boolean;
  readonly notice: PlatformError | undefined;
}

/**
 * Fetches a plugin, checks it against the platform, shows it, asks, and installs it.
 *
 * @throws PlatformErrors with everything that is wrong with it; nothing is changed then.
 */
export async function addPlugin(
  context: Context,
  options: AddOptions,
  source: string,
): Promise<AddedPlugin | "declined"> {
  const granted = grantedRights(options.grant);
  const platform = await pluginPlatform(context, options);
  const { root, place, inspection } = platform;
  const fetched = await fetchPlugin(source, { cwd: folderOf(context, options), root, env: context.env });
  const examined = examinePlugin(fetched, inspection.schema, root, place);
  const { name } = examined.manifest;
  const misfits = checkFit(examined.manifest, inspection.modules, { hostVersion });
  if (misfits.length > 0) throw new PlatformErrors(misfits);
  const installed = readLock(root).plugins.find((plugin) => plugin.name === name);
  checkReplaces(examined, installed, options.force ?? false);

  const rights = granted ?? askedRights(examined.manifest);
  if (!(await isAgreedTo(context, options, platform, examined, rights, installed))) return "declined";

  const { replaced, isChanged } = await installPlugin(examined, { ...place, rights, force: options.force ?? false });
  const verified = verifyPlugins(place).plugins.find(({ plugin }) => plugin.name === name);
  if (verified === undefined) throw platformError("PLUGIN_UNKNOWN", { plugin: name, hint: "Install it again." });
  return {
    inspection,
    plugin: shownPlugin(verified, platform),
    replaced: replaced?.version ?? null,
    changed: isChanged,
    notice: examined.notice,
  };
}

/** @throws PlatformError `PLUGIN_RIGHT_UNKNOWN` */
function grantedRights(grant: readonly string[] | undefined): Rights | undefined {
  if (grant === undefined) return undefined;
  const rights = parseRights(grant.filter((right) => right !== "none"));
  if ("unknown" in rights)
    throw platformError("PLUGIN_RIGHT_UNKNOWN", { right: rights.unknown, reason: rights.reason });
  return rights;
}

/**
 * Whether somebody agrees: asked on a terminal, and needed elsewhere only for more than was agreed to before.
 *
 * @throws PlatformError `PLUGIN_NOT_CONFIRMED` when nobody can be asked.
 */
async function isAgreedTo(
  context: Context,
  { yes = false }: AddOptions,
  { runsIn }: PluginPlatform,
  examined: ExaminedPlugin,
  rights: Rights,
  installed: LockedPlugin | undefined,
): Promise<boolean> {
  const { name } = examined.manifest;
  const before = installed === undefined ? [] : listRights(installed.rights);
  const isMore = listRights(rights).some((right) => !before.includes(right));
  const isTrustedFully = runsIn(name) === "in-process";
  const offer = { examined, installed: installed?.version, runsIn: runsIn(name), rights };
  if (yes) return true;
  if (installed?.integrity === examined.integrity && !isMore) return true;
  const paint = createPaint(wantsColour(context.stderr, context.env));
  context.stderr.write(`${describePlugin(offer, paint)}\n`);
  if (canAsk(context)) return ask(context, "Install it?");
  if (isMore || isTrustedFully) throw platformError("PLUGIN_NOT_CONFIRMED", { plugin: name });
  return true;
}
