import type { Socket } from "node:net";
import type { onRequestHookHandler } from "fastify";
import type { HttpRequest } from "../http.ts";
import { TrackedRequest } from "../tracked-request.ts";
import type { Passport } from "./exchange.ts";

/** A request that the host has let through, with what it told of it. */
export class PassedRequest extends TrackedRequest {
  passport: Passport | undefined = undefined;

  /** Takes in what the host told. */
  admit(passport: Passport): void {
    this.passport = passport;
    this.requestId = passport.requestId;
    pretend(this.socket, "remoteAddress", passport.remoteAddress);
    pretend(this.socket, "remotePort", passport.remotePort);
  }
}

/** The connection is the host's; on it one request follows the other, each of another client. */
function pretend(socket: Socket, name: "remoteAddress" | "remotePort", value: string | number | undefined): void {
  if (socket[name] !== value) Object.defineProperty(socket, name, { value, configurable: true });
}

/** Lets everything through, as the host has checked it, with the principal that it found. */
export const admitTold: onRequestHookHandler = (request, _reply, done) => {
  const { passport } = request.raw as PassedRequest;
  (request as { principal?: HttpRequest["principal"] }).principal = passport?.principal;
  done();
};
