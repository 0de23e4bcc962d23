import type { Principal } from "./principal.ts";

/** Decides who may do what. One module of a platform installs one. */
export interface Authorizer {
  /**
   * Whether `principal` may do what `code` stands for. It is asked for every checked call, so it
   * should answer from memory. Only codes that exist reach it, and never one that has a successor.
   */
  can(principal: Principal, code: string): boolean | Promise<boolean>;
}
