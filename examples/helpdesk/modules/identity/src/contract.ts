import { type ServiceRef, service } from "@plinth/module";

/** Somebody who can sign in. */
export interface User {
  readonly id: string;
  readonly name: string;
  /** Lower case; nobody else's. */
  readonly email: string;
}

/** The users, for other modules. */
export interface Users {
  /** The users with these ids, by id. Ids of nobody are left out. */
  find(ids: Iterable<string>): Promise<ReadonlyMap<string, User>>;
}

/** The users, for other modules. */
export const Users: ServiceRef<Users> = service<Users>("identity.users");

/** Users that this module created itself at a start, and what they are meant to be. */
export interface SeededUsers {
  /** Complete when the module is running. A user who registered is never among them. */
  list(): readonly { readonly user: User; readonly role: string }[];
}

/** Users that this module created itself at a start. */
export const SeededUsers: ServiceRef<SeededUsers> = service<SeededUsers>("identity.seeded-users");
