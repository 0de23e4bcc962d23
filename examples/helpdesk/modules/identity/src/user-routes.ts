import { type PageQuery, pageQuerySchema } from "@helpdesk/paging";
import type { Http } from "@plinth/http";
import { Permission } from "./module.gen.ts";
import type { SignIn } from "./sign-in.ts";
import type { Registration, UserDirectory } from "./users.ts";

const email = { type: "string", format: "email", maxLength: 254 };
const body = {
  type: "object",
  required: ["email", "name", "password"],
  additionalProperties: false,
  properties: {
    email,
    name: { type: "string", minLength: 1, maxLength: 100, pattern: "\\S" },
    password: { type: "string", minLength: 10, maxLength: 200 },
  },
};

export function addUserRoutes(http: Http, users: UserDirectory, signIn: SignIn): void {
  http.post<{ Body: Registration }>("/users", { public: true, schema: { body } }, async (request, reply) => {
    reply.code(201);
    return signIn.register(request.body, request.ip);
  });

  http.get<{ Querystring: PageQuery & { readonly email?: string } }>(
    "/users",
    { permission: Permission.UserList, schema: { querystring: pageQuerySchema({ email }, email) } },
    (request) => users.list(request.query),
  );
}
