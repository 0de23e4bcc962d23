import type { Queries } from "@plinth/database";
import type { RemoteLink } from "@plinth/module";
import type { PermissionInfo } from "@plinth/permissions";
import type { GrantsEdit } from "../edit.ts";
import type { Grants } from "../grants.ts";
import type { Reading } from "../stored.ts";

/** What a module's process is told of the grants before the module's `setup`. */
export interface GrantsBeginning {
  readonly permissions: readonly PermissionInfo[];
  readonly defaultRole: string | undefined;
  readonly reading: Reading;
}

/** Something that has changed: the grants, or what permissions there are. */
export type GrantsNews = { readonly reading: Reading } | { readonly permissions: readonly PermissionInfo[] };

/** What a change has come to, and the revision of the grants that shows it. */
export interface ChangeResult {
  readonly result: unknown;
  readonly revision: number | undefined;
}

/** What the host's end of the service needs besides the service. */
export interface GrantsSurroundings {
  beginning(): GrantsBeginning;
  /** Calls `listener` with all that changes, until the returned function is called. */
  follow(listener: (news: GrantsNews) => void): () => void;
}

export const editMethods = [
  "defineRole",
  "removeRole",
  "grant",
  "deny",
  "revoke",
  "assign",
  "unassign",
] as const satisfies readonly (keyof GrantsEdit)[];

/** A change that the module's process leads, step by step. */
interface OpenChange {
  readonly edit: GrantsEdit;
  readonly transaction: Queries;
  readonly end: PromiseWithResolvers<void>;
}

/** Lets a module in another process know the grants, and change them. */
export function serveGrants(grants: Grants, link: RemoteLink, { beginning, follow }: GrantsSurroundings): void {
  const open = new Map<number, OpenChange>();
  const closed = new Map<number, Promise<void>>();

  let stop: (() => void) | undefined;
  link.signal.addEventListener("abort", () => stop?.(), { once: true });
  link.handle("begin", () => {
    // A process that is gone need not know.
    stop ??= follow((news) => void link.call("news", [news]).catch(() => {}));
    return beginning();
  });
  link.handle("reading", () => beginning().reading);
  link.handle("edit", async ([method, args]): Promise<ChangeResult> => {
    const result = await edit(grants, method, args);
    return { result, revision: beginning().reading.revision };
  });

  link.handle("open", ([id]) => {
    const opened = Promise.withResolvers<void>();
    const change = grants.change((edit, transaction) => {
      const end = Promise.withResolvers<void>();
      open.set(id as number, { edit, transaction, end });
      const giveUp = () => end.reject(link.signal.reason);
      if (link.signal.aborted) giveUp();
      else link.signal.addEventListener("abort", giveUp, { once: true });
      opened.resolve();
      return end.promise;
    });
    closed.set(id as number, change);
    change.catch(opened.reject);
    return opened.promise;
  });
  link.handle("step", ([id, method, args]) => edit(openChange(open, id).edit, method, args));
  link.handle("query", ([id, sql, parameters]) =>
    openChange(open, id).transaction.query(String(sql), parameters as readonly unknown[] | undefined),
  );
  link.handle("close", async ([id, isGood]): Promise<ChangeResult> => {
    const { end } = openChange(open, id);
    open.delete(id as number);
    const change = closed.get(id as number);
    closed.delete(id as number);
    if (isGood !== true) {
      end.reject(new Error("the change was given up"));
      await change?.catch(() => {});
      return { result: undefined, revision: undefined };
    }
    end.resolve();
    await change;
    return { result: undefined, revision: beginning().reading.revision };
  });
}

function openChange(open: ReadonlyMap<number, OpenChange>, id: unknown): OpenChange {
  const change = open.get(id as number);
  if (change === undefined) throw new Error("the change has ended");
  return change;
}

function edit(edit: GrantsEdit, method: unknown, args: unknown): Promise<unknown> {
  const known = editMethods.find((name) => name === method);
  if (known === undefined) throw new Error(`the grants have no method "${String(method)}"`);
  return (edit[known] as (...args: readonly unknown[]) => Promise<unknown>)(...(args as readonly unknown[]));
}
