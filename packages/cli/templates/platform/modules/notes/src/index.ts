import { Database } from "@plinth/database";
import { Http } from "@plinth/http";
import { defineModule } from "@plinth/module";
import { Notes } from "./contract.ts";
import { manifest } from "./module.gen.ts";
import { NoteStore } from "./note-store.ts";
import { addRoutes } from "./routes.ts";

export default defineModule(manifest, {
  requires: { db: Database, http: Http },
  provides: { notes: Notes },
  setup({ db, http, config }) {
    const notes = new NoteStore(db);
    addRoutes(http, notes, config.pageSize);
    return { notes };
  },
});
