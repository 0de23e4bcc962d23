import { Database } from "@plinth/database";
import { defineModule, type ModuleDefinition, service } from "@plinth/module";
import { type PermissionCatalogue, Permissions } from "@plinth/permissions";
import { startTestPlatform, type TestPlatform } from "@plinth/testing";
import { overLinks } from "@plinth/testing/link";
import { grantsCapability } from "./capability.ts";
import { Grants } from "./grants.ts";

/** What the module under test has been given. */
export interface Given {
  readonly grants: Grants;
  readonly permissions: PermissionCatalogue;
  readonly database: Database;
}

const given = service<Given>("tickets.given");

export const firstPermissions = {
  "ticket.read": "See tickets",
  "ticket.shut": "Shut a ticket",
  "ticket.merge": "Merge tickets",
};

/** A module with these permissions, which requires the grants. */
export function tickets(permissions: Readonly<Record<string, unknown>> = firstPermissions, version = "1.0.0") {
  return defineModule(
    { name: "tickets", version, permissions },
    {
      requires: { grants: Grants, permissions: Permissions, database: Database },
      provides: { given },
      setup: (context) => ({ given: context }),
    },
  );
}

/** A platform for one test. */
export interface Ticketing extends Given, AsyncDisposable {
  readonly platform: TestPlatform;
  may(principal: string, code: string): boolean | Promise<boolean>;
}

/** Starts a platform with `tickets`, or with other modules besides, on a database. */
export async function startTickets(
  database: Readonly<Record<string, unknown>>,
  more: {
    readonly tickets?: ModuleDefinition;
    readonly others?: readonly ModuleDefinition[];
    readonly grants?: Readonly<Record<string, unknown>>;
    /** Whether the grants reach `tickets` as from another process. Default `false`. */
    readonly apart?: boolean;
  } = {},
): Promise<Ticketing> {
  const capability = grantsCapability();
  const module = more.tickets ?? tickets();
  const platform = await startTestPlatform({
    capabilities: [capability],
    modules: [more.apart === true ? overLinks(module, capability.remotes ?? []) : module, ...(more.others ?? [])],
    settings: { database, ...(more.grants === undefined ? {} : { grants: more.grants }) },
  });
  const { grants, permissions, database: view } = platform.service(given);
  return {
    platform,
    grants,
    permissions,
    database: view,
    may: (id, code) => permissions.can({ id }, code),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}
