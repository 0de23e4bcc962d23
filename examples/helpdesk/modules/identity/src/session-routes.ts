import { type Http, HttpProblem } from "@plinth/http";
import type { Principal } from "@plinth/permissions";
import { bearerToken } from "./session-token.ts";
import type { Sessions, SignedIn } from "./sessions.ts";
import type { Credentials, SignIn } from "./sign-in.ts";
import type { UserDirectory } from "./users.ts";

const body = {
  type: "object",
  required: ["email", "password"],
  additionalProperties: false,
  properties: {
    email: { type: "string", maxLength: 254 },
    password: { type: "string", maxLength: 200 },
  },
};
const params = {
  type: "object",
  properties: { session: { type: "string", anyOf: [{ const: "current" }, { format: "uuid" }] } },
};

/** Makes bearer tokens sign in, on the routes of all modules, and adds the routes that give and take them. */
export function addSessionRoutes(http: Http, users: UserDirectory, sessions: Sessions, signIn: SignIn): void {
  http.authenticate((request) => {
    const token = bearerToken(request.headers.authorization);
    return token === undefined ? undefined : sessions.signedIn(token);
  });

  http.post<{ Body: Credentials }>("/sessions", { public: true, schema: { body } }, async (request, reply) => {
    reply.code(201).header("cache-control", "no-store");
    return signIn.open(request.body, request.ip);
  });

  http.get("/sessions", { authenticated: true }, async ({ principal }) => ({
    items: await sessions.list(signedIn(principal)),
  }));

  http.delete<{ Params: { session: string } }>(
    "/sessions/:session",
    { authenticated: true, schema: { params } },
    async ({ params: { session }, principal }, reply) => {
      const by = signedIn(principal);
      const closed = await sessions.close(session === "current" ? by.claims.sessionId : session, by);
      if (!closed) throw new HttpProblem(404, "You have no such session.");
      reply.code(204);
    },
  );

  http.get("/me", { authenticated: true }, async ({ principal }) =>
    (await users.find([principal.id])).get(principal.id),
  );
}

/** Every principal of this platform comes from {@link Sessions.signedIn}. */
function signedIn(principal: Principal): SignedIn {
  return principal as SignedIn;
}
