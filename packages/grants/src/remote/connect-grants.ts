import type { Queries } from "@plinth/database";
import { platformError, type RemoteLink } from "@plinth/module";
import { Codes } from "../codes.ts";
import type { GrantsEdit } from "../edit.ts";
import type { Grants } from "../grants.ts";
import { readGrants } from "../read-grants.ts";
import { Snapshot } from "../snapshot.ts";
import type { Reading } from "../stored.ts";
import { type ChangeResult, editMethods, type GrantsBeginning, type GrantsNews } from "./serve-grants.ts";

/**
 * The service `Grants` in a process of the module's own: what is asked is answered from a copy that
 * follows the host's, and changes are made by the host.
 */
export default async function connectGrants(link: RemoteLink): Promise<Grants> {
  const early: GrantsNews[] = [];
  let take: (news: GrantsNews) => void = (news) => void early.push(news);
  link.handle("news", ([news]) => take(news as GrantsNews));
  const { permissions, defaultRole, reading } = await link.call<GrantsBeginning>("begin");
  let codes = new Codes(permissions);
  const snapshot = new Snapshot(() => codes, defaultRole);
  take = (news) => {
    if ("permissions" in news) {
      codes = new Codes(news.permissions);
      snapshot.forgetRights();
    } else if (isNewer(news.reading, snapshot)) snapshot.take(news.reading);
  };
  take({ reading });
  for (const news of early) take(news);

  /** A change that was made here counts here at once. */
  async function caughtUp<T>(changing: Promise<ChangeResult>): Promise<T> {
    const { result, revision } = await changing;
    if (revision !== undefined && revision > (snapshot.revision ?? -1)) {
      take({ reading: await link.call<Reading>("reading") });
    }
    return result as T;
  }

  let lastId = 0;
  return {
    ...readGrants(snapshot, () => codes),
    ...editOver((method, args) => caughtUp(link.call<ChangeResult>("edit", [method, args]))),
    async change(work) {
      lastId++;
      const id = lastId;
      await link.call("open", [id]);
      let result: Awaited<ReturnType<typeof work>>;
      try {
        const step = (method: string, args: readonly unknown[]) => link.call("step", [id, method, args]);
        result = await work(editOver(step), transactionOver(link, id));
      } catch (error) {
        // The error of the work says what went wrong; the change is undone however this ends.
        await link.call("close", [id, false]).catch(() => {});
        throw error;
      }
      await caughtUp(link.call<ChangeResult>("close", [id, true]));
      return result;
    },
  };
}

function isNewer(reading: Reading, { revision }: Snapshot): boolean {
  return revision === undefined || reading.revision > revision;
}

function editOver(call: (method: string, args: readonly unknown[]) => Promise<unknown>): GrantsEdit {
  const methods = editMethods.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]);
  return Object.fromEntries(methods) as GrantsEdit;
}

function transactionOver(link: RemoteLink, id: number): Queries {
  return {
    query: (sql, parameters) => link.call("query", [id, sql, parameters]),
    kysely() {
      throw platformError("ISOLATION_UNSUPPORTED", {
        what: "the query builder inside grants.change",
        module: link.module.name,
        hint: "Write the statement as text: transaction.query(sql, parameters).",
      });
    },
  };
}
