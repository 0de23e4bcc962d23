import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { Permissions } from "@plinth/permissions";
import { Notes } from "@starter/notes";
import { hasToken } from "./has-token.ts";
import { manifest } from "./module.gen.ts";

export default defineModule(manifest, {
  requires: { http: Http, permissions: Permissions, notes: Notes },
  setup({ http, permissions, notes, config, log }) {
    const { member, token } = config;
    if (token === undefined) log.warn("team.token is not set, so nobody can sign in");

    http.authenticate(({ headers }) => (hasToken(headers.authorization, token) ? { id: member } : undefined));
    permissions.useAuthorizer({ can: ({ id }) => id === member });

    http.get("/me", { authenticated: true }, async ({ principal: { id } }) => ({
      name: id,
      notes: await notes.countBy(id),
    }));
  },
});
