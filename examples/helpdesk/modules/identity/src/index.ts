import { AuditTrail } from "@helpdesk/audit";
import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule, systemClock } from "@plinth/module";
import { AttemptLimit } from "./attempt-limit.ts";
import { SeededUsers, Users } from "./contract.ts";
import { every } from "./every.ts";
import { manifest } from "./module.gen.ts";
import { createSeeds, seedsOf } from "./seeds.ts";
import { addSessionRoutes } from "./session-routes.ts";
import { Sessions } from "./sessions.ts";
import { readSettings } from "./settings.ts";
import { SignIn } from "./sign-in.ts";
import { addUserRoutes } from "./user-routes.ts";
import { UserDirectory } from "./users.ts";

export default defineModule(manifest, {
  requires: { db: Database, http: Http, audit: AuditTrail },
  provides: { users: Users, seededUsers: SeededUsers },
  setup({ db, http, audit, config, lifecycle, log }) {
    const settings = readSettings(config);
    const users = new UserDirectory(db, audit);
    const sessions = new Sessions(db, audit, systemClock, settings.sessionMs);
    const limits = {
      perEmail: new AttemptLimit(systemClock, settings.attempts, settings.attemptWindowMs),
      perAddress: new AttemptLimit(systemClock, settings.attemptsPerAddress, settings.attemptWindowMs),
    };
    const signIn = new SignIn({ db, audit, users, sessions, limits });
    addUserRoutes(http, users, signIn);
    addSessionRoutes(http, users, sessions, signIn);

    let seeded: Awaited<ReturnType<typeof users.seeded>> = [];
    lifecycle.onStart(async () => {
      await createSeeds(seedsOf(settings), users, log);
      seeded = await users.seeded();
    });

    let cleanUpError: unknown;
    lifecycle.onStart(() => {
      const cleanUp = every(
        systemClock,
        settings.cleanUpMs,
        async () => {
          log.debug(`deleted ${await sessions.deleteExpired()} expired sessions`);
          cleanUpError = undefined;
        },
        (error) => {
          log.error({ err: error }, "expired sessions could not be deleted");
          cleanUpError = error;
        },
      );
      lifecycle.onStop(() => cleanUp.stop());
    });

    lifecycle.onHealth(() => {
      // Nobody is signed in by an expired session, so this is worth a look and no reason to take no traffic.
      if (cleanUpError !== undefined) return { status: "warn", message: "expired sessions are not being deleted" };
      if (settings.seedDemoUsers) return { status: "warn", message: "there are demo users with public passwords" };
      return { status: "pass" };
    });

    return { users, seededUsers: { list: () => seeded } };
  },
});
