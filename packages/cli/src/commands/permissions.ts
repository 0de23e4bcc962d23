import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Done } from "../done.ts";
import { addPermissionsCheckCommand } from "./permissions-check.ts";
import { addPermissionsDiffCommand } from "./permissions-diff.ts";
import { addPermissionsListCommand } from "./permissions-list.ts";
import { addPermissionsMatrixCommand } from "./permissions-matrix.ts";

/** The group `platformctl permissions`. */
export function addPermissionsCommands(program: Command, context: Context, done: Done): void {
  const permissions = program
    .command("permissions")
    .description("Look at the permissions of a platform, who has them, and whether code and manifests agree.");
  addPermissionsListCommand(permissions, context, done);
  addPermissionsCheckCommand(permissions, context, done);
  addPermissionsMatrixCommand(permissions, context, done);
  addPermissionsDiffCommand(permissions, context, done);
}
