import type { HealthResult, ManifestInput, ServiceConsumer } from "@plinth/module";
import type { WindowLimits } from "./call-window.ts";
import type { Connection } from "./connection.ts";
import type { WireError } from "./errors.ts";
import type { ChannelLimits } from "./frame-channel.ts";

/** The target of what the two ends of the runtime say to each other. */
export const runtimeTarget = "runtime";

/** The target of calls of a service, method by method. */
export const serviceTarget = (id: string): string => `service:${id}`;

/** The target of what the two ends of a remote service say to each other. */
export const linkTarget = (id: string): string => `link:${id}`;

/** The file descriptor of the channel in the module's process. */
export const channelDescriptor = 3;

/** What a module's process is told on its command line, as JSON. */
export interface ChildSettings {
  readonly module: ServiceConsumer;
  readonly channel: ChannelLimits;
  readonly calls: WindowLimits;
}

/** What a module's code says of itself. References are service ids by the name that the module gives them. */
export interface Description {
  readonly manifest: ManifestInput | undefined;
  readonly requires: Readonly<Record<string, string>>;
  readonly optional: Readonly<Record<string, string>>;
  readonly provides: Readonly<Record<string, string>>;
}

/** A service that the module gets. */
export interface GivenService {
  readonly name: string;
  readonly id: string;
  /** Whether the service is made in the module's process; else each of its methods is a call. */
  readonly isRemote: boolean;
  /** The URL of the file that makes it there; `undefined` where there is no such file. */
  readonly entry: string | undefined;
}

/** What `setup` of the module gets besides what its process makes itself. */
export interface SetupInput {
  readonly config: unknown;
  readonly services: readonly GivenService[];
}

/** What the host asks of a module's process. */
export interface ChildRequests {
  /** Imports the code; `undefined` when it defines no module. */
  describe(entry: string): Description | undefined;
  setup(input: SetupInput): void;
  start(): void;
  /** What its stop hooks threw. */
  stop(): readonly WireError[];
  health(): HealthResult;
  /** The resident memory of the process, in bytes. */
  beat(): number;
  /** Aborts the signal of the module's lifecycle. */
  abort(reason: WireError): void;
  dependency(name: string, isRunning: boolean): void;
}

/** What a module's process tells the host, past all that waits. */
export interface HostNotices {
  log(level: string, fields: Readonly<Record<string, unknown>>, message: string): void;
  /** The module has said that it cannot go on. */
  failed(error: WireError): void;
  /** An error that nobody handled. */
  crashed(error: WireError): void;
  /** More calls wait to be sent than may. */
  flooded(waiting: number): void;
}

/** Tells the host something. */
export function notify<Notice extends keyof HostNotices>(
  connection: Connection,
  notice: Notice,
  ...args: Parameters<HostNotices[Notice]>
): void {
  connection.tell(runtimeTarget, notice, args);
}
