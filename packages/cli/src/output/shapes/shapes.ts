import type { z } from "zod";
import type { OutputShape } from "./define.ts";
import { migrationsApply, migrationsNew, migrationsPlan, migrationsStatus, migrationsVerify } from "./migrations.ts";
import { modulesGraph, modulesList, modulesShow, modulesTest, modulesValidate, modulesWhy } from "./modules.ts";
import { permissionsCheck, permissionsDiff, permissionsList, permissionsMatrix } from "./permissions.ts";
import { config, doctor, errors, generate, generateWatch } from "./platform.ts";
import {
  pluginsAdd,
  pluginsKeygen,
  pluginsList,
  pluginsPack,
  pluginsRemove,
  pluginsRestore,
  pluginsShow,
  pluginsSign,
  pluginsVerify,
} from "./plugins.ts";
import { dev, modulesListLive, modulesRestart, platformStatus, platformStatusWatch } from "./running.ts";
import { init, modulesNew, modulesRemove, modulesRename } from "./scaffold.ts";
import { servicesList, servicesResolve, servicesShow, servicesWatch } from "./services.ts";

/**
 * What every command prints with `--json`, by the words of the command; where an option makes it print something
 * else, with that option behind them. output/json.ts says what a new command does.
 */
export const outputShapes = {
  "modules list": modulesList,
  "modules list --live": modulesListLive,
  "modules show": modulesShow,
  "modules graph": modulesGraph,
  "modules why": modulesWhy,
  "modules validate": modulesValidate,
  "modules test": modulesTest,
  "modules restart": modulesRestart,
  "modules new": modulesNew,
  "modules rename": modulesRename,
  "modules remove": modulesRemove,
  init,
  generate,
  "generate --watch": generateWatch,
  "migrations status": migrationsStatus,
  "migrations plan": migrationsPlan,
  "migrations verify": migrationsVerify,
  "migrations apply": migrationsApply,
  "migrations new": migrationsNew,
  "permissions list": permissionsList,
  "permissions check": permissionsCheck,
  "permissions matrix": permissionsMatrix,
  "permissions diff": permissionsDiff,
  "plugins list": pluginsList,
  "plugins show": pluginsShow,
  "plugins add": pluginsAdd,
  "plugins remove": pluginsRemove,
  "plugins verify": pluginsVerify,
  "plugins restore": pluginsRestore,
  "plugins pack": pluginsPack,
  "plugins sign": pluginsSign,
  "plugins keygen": pluginsKeygen,
  "services list": servicesList,
  "services show": servicesShow,
  "services watch": servicesWatch,
  "services resolve": servicesResolve,
  status: platformStatus,
  dev,
  "status --watch": platformStatusWatch,
  config,
  errors,
  doctor,
} as const satisfies Readonly<Record<string, OutputShape>>;

/** The name of an output. */
export type OutputName = keyof typeof outputShapes;

/** What the command hands over to be printed; `version` is added. */
export type OutputValue<Name extends OutputName> = DeepReadonly<
  Omit<z.input<(typeof outputShapes)[Name]["schema"]>, "version">
>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;
