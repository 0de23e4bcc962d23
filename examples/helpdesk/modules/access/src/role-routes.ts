import { type Grants, patternForm, patternLimit, type Role, roleNameForm, roleNameLimit } from "@plinth/grants";
import { type Http, HttpProblem } from "@plinth/http";
import type { AuditedRoles } from "./audited-roles.ts";
import { Permission } from "./module.gen.ts";

const params = {
  type: "object",
  properties: { role: { type: "string", maxLength: roleNameLimit, pattern: roleNameForm } },
};
const patterns = {
  type: "array",
  maxItems: 100,
  default: [],
  items: { type: "string", maxLength: patternLimit, pattern: patternForm },
};
const body = {
  type: "object",
  required: ["description"],
  additionalProperties: false,
  properties: { description: { type: "string", minLength: 1, maxLength: 200 }, allow: patterns, deny: patterns },
};

/** The role that keeps the right to change roles, so that nobody can lock everybody out. */
const fixedRole = "admin";

export function addRoleRoutes(http: Http, grants: Grants, roles: AuditedRoles): void {
  http.get("/me", { authenticated: true }, ({ principal: { id } }) => ({
    roles: grants.rolesOf(id),
    permissions: grants.permissionsOf(id),
  }));

  http.get("/roles", { permission: Permission.RoleRead }, () => ({ items: grants.roles() }));

  http.put<{ Params: { role: string }; Body: Omit<Role, "name"> }>(
    "/roles/:role",
    { permission: Permission.RoleEdit, schema: { params, body } },
    async ({ params: { role: name }, body, principal }) => {
      if (name === fixedRole) throw new HttpProblem(409, `The role ${fixedRole} may do everything, always.`);
      const unknown = grants.unknownPatterns([...body.allow, ...body.deny]);
      if (unknown.length > 0) {
        throw new HttpProblem(400, `No permission fits ${unknown.join(", ")}.`, {
          type: "urn:helpdesk:problem:unknown-permission",
          members: { unknown },
        });
      }
      await roles.define({ name, ...body }, principal);
      return { name, ...body };
    },
  );
}
