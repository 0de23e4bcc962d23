import type { Database } from "@plinth/database";
import type { Notes } from "./contract.ts";

/** A note as everybody sees it. */
export interface Note {
  readonly id: number;
  readonly author: string;
  readonly text: string;
}

/** The notes, in the database. */
export class NoteStore implements Notes {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The notes, the latest first. */
  async list(limit: number): Promise<readonly Note[]> {
    const { rows } = await this.#db.query<Note>("select id, author, text from notes order by id desc limit $1", [
      limit,
    ]);
    return rows;
  }

  async write(author: string, text: string): Promise<Note> {
    const insert = "insert into notes (author, text) values ($1, $2) returning id, author, text";
    const { rows } = await this.#db.query<Note>(insert, [author, text]);
    return rows[0] as Note;
  }

  async countBy(author: string): Promise<number> {
    const select = "select count(*) as notes from notes where author = $1";
    const { rows } = await this.#db.query<{ notes: number }>(select, [author]);
    return rows[0]?.notes ?? 0;
  }
}
