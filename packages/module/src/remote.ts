import type { MaybePromise } from "./lifecycle.ts";
import type { ServiceConsumer, ServiceRef } from "./service.ts";

/** What can be told to a call across a process boundary. */
export interface RemoteCallOptions {
  /** Abandons the call here, and aborts the signal of the handler over there. */
  readonly signal?: AbortSignal;
}

/** Answers calls from the other process. `signal` aborts when the caller has given up, or is gone. */
export type RemoteHandler = (args: readonly unknown[], signal: AbortSignal) => MaybePromise<unknown>;

/**
 * The connection of one service between the host and one module that runs in a process of its own.
 * Both ends look the same. Arguments and results are copied as the structured clone algorithm does;
 * functions cannot cross. Errors keep name, message, stack and properties with simple values, such as a
 * code; a `PlatformError` arrives as one.
 */
export interface RemoteLink {
  /** The module in the other process that uses the service. */
  readonly module: ServiceConsumer;
  /**
   * In the host: aborts when the module's process is gone, and not before, as the module may use the
   * service until then. In the module's process: aborts when the module begins to stop.
   */
  readonly signal: AbortSignal;
  /**
   * Calls what the other end handles as `method`. Calls arrive in the order in which they were made, on
   * whichever link of the module. Rejects with what the handler threw, or when the other end is gone.
   */
  call<Result = unknown>(method: string, args?: readonly unknown[], options?: RemoteCallOptions): Promise<Result>;
  /** Answers calls of `method` from now on. */
  handle(method: string, handler: RemoteHandler): void;
}

/**
 * How a service of the platform that is more than asynchronous methods is used from another process:
 * one end in the host, one in the module's process. A service without such a pair is called method by
 * method, and each call returns a promise.
 */
export interface RemoteService<T> {
  readonly service: ServiceRef<T>;
  /**
   * The URL of a file whose default export is a {@link ConnectRemote}: it is imported in the module's
   * process and makes the service there. What it imports must be readable from there.
   */
  readonly entry: string;
  /**
   * Whether the service listens or connects in the module's process. A module that uses such a service
   * is not kept from the network, where Node could do that. Default `false`.
   */
  readonly opensSockets?: boolean;
  /** The host's end: answers the calls of the module's process with the instance made for that module. */
  serve(service: T, link: RemoteLink): void;
}

/** Makes a service in the module's process, before `setup` of the module. It may ask the host first. */
export type ConnectRemote<T> = (link: RemoteLink) => MaybePromise<T>;
