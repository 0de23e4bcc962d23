import type { Logger } from "@plinth/module";
import { type FastifyRequest, fastify, LogController } from "fastify";
import { problemOf } from "../error-problem.ts";
import type { SignIn } from "../http.ts";
import { RequestLog } from "../request-log.ts";
import type { HttpBeginning, SignInAnswer, SignInQuestion } from "./exchange.ts";

export interface SignInDeskOptions {
  readonly limits: HttpBeginning["limits"];
  readonly log: Logger;
  /** What a 401 says of how to sign in. */
  readonly challenge: string;
}

/**
 * Answers who a request at the host is from. `signIn` gets a request that looks like the host's, as
 * far as it is known before a body is read. What it throws that is not meant for clients is thrown.
 */
export function createSignInDesk(
  signIn: SignIn,
  { limits, log, challenge }: SignInDeskOptions,
): (question: SignInQuestion) => Promise<SignInAnswer> {
  const outcomes = new Map<string, () => SignInAnswer>();
  const desk = fastify({
    trustProxy: limits.trustProxy,
    genReqId: ({ headers }) => {
      const id = String(headers[idHeader]);
      delete headers[idHeader];
      if (headers["user-agent"] === madeUp) delete headers["user-agent"];
      return id;
    },
    loggerInstance: new RequestLog(() => log, {}),
    logController: new LogController({ disableRequestLogging: true }),
  });
  // A hook, as nothing of the request is to be read.
  desk.addHook("onRequest", async (request, reply) => {
    outcomes.set(request.id, await outcomeOf(signIn, request, challenge));
    return reply.send();
  });
  desk.setNotFoundHandler(() => {});

  return async ({ requestId, method, url, headers, remoteAddress }) => {
    await desk.inject({
      method: method as "GET",
      url,
      headers: { "user-agent": madeUp, ...headers, [idHeader]: requestId },
      ...(remoteAddress === undefined ? {} : { remoteAddress }),
    });
    const outcome = outcomes.get(requestId);
    outcomes.delete(requestId);
    if (outcome === undefined) throw new Error(`the request ${method} ${url} cannot be signed in`);
    return outcome();
  };
}

/** Gives, or throws, what has come of signing in. */
async function outcomeOf(signIn: SignIn, request: FastifyRequest, challenge: string): Promise<() => SignInAnswer> {
  try {
    const principal = await signIn(request);
    return () => ({ principal });
  } catch (error) {
    const problem = problemOf(error, request.id, challenge);
    if (problem === error || problem.statusCode !== 500) {
      const { headers, document } = problem;
      return () => ({ problem: { headers, document } });
    }
    return () => {
      throw error;
    };
  }
}

const idHeader = "x-plinth-request-id";

/** Stands for no user agent, where one would be made up otherwise. */
const madeUp = "none";
