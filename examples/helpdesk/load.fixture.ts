import { setTimeout as pause } from "node:timers/promises";
import { type Dispatcher, request } from "undici";

/** A request that did not get the answer it should. */
export interface Failure {
  /** Its number, from 1 in the order of their starts. */
  readonly request: number;
  readonly what: string;
}

/** Requests without end, some of which must not be sent twice. */
export interface Load {
  /** How many have been started so far. */
  readonly started: number;
  /** How many have ended so far. */
  readonly ended: number;
  readonly failures: readonly Failure[];
  /** The numbers of those under way. */
  inFlight(): readonly number[];
  /** Ends it, and waits for those under way. */
  stop(): Promise<void>;
}

/** Four people who look at their tickets and four who open tickets, by `http://helpdesk.service`, one after another. */
export function startLoad(dispatcher: Dispatcher, token: string): Load {
  const headers = { authorization: `Bearer ${token}` };
  const under = new Set<number>();
  const failures: Failure[] = [];
  let started = 0;
  let ended = 0;
  let stopping = false;

  async function call(method: "GET" | "POST"): Promise<void> {
    started += 1;
    const number = started;
    under.add(number);
    const what = await statusOf(method).catch((error: unknown) => String(error));
    under.delete(number);
    ended += 1;
    const wanted = method === "GET" ? 200 : 201;
    if (what !== wanted) failures.push({ request: number, what: `${method}: ${what}` });
  }

  async function statusOf(method: "GET" | "POST"): Promise<number> {
    const { statusCode, body } = await request("http://helpdesk.service/tickets", {
      dispatcher,
      method,
      ...(method === "GET"
        ? { headers, query: { limit: 5 } }
        : {
            headers: { ...headers, "content-type": "application/json" },
            body: JSON.stringify({ subject: "Help", body: "It does not work." }),
          }),
    });
    await body.dump();
    return statusCode;
  }

  async function person(method: "GET" | "POST"): Promise<void> {
    while (!stopping) {
      await call(method);
      await pause(5);
    }
  }

  const people = Array.from({ length: 8 }, (_, index) => person(index % 2 === 0 ? "GET" : "POST"));
  return {
    get started() {
      return started;
    },
    get ended() {
      return ended;
    },
    failures,
    inFlight: () => [...under],
    async stop() {
      stopping = true;
      await Promise.all(people);
    },
  };
}
