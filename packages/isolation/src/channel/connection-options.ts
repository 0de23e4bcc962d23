import type { Socket } from "node:net";
import type { WindowLimits } from "./call-window.ts";
import type { ChannelFault, ChannelLimits } from "./frame-channel.ts";

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly channel: ChannelLimits;
  readonly calls: WindowLimits;
  /** The error of a call that finds the connection closed, or is under way (`sent`) when it closes. */
  lost(target: string, method: string, sent: boolean): unknown;
  /** The other end does not keep to the rules. The connection is of no use any more. */
  onFault(fault: ConnectionFault): void;
  /** The stream is closed, by whichever end. */
  onEnd(): void;
  /** More calls wait at this end than may; the call that is one too many is rejected. */
  onFull?(waiting: number): void;
}

/** What the other end did. */
export type ConnectionFault = ChannelFault | { readonly kind: "flood"; readonly calls: number };

export interface CallOptions {
  /** Abandons the call here, and aborts the handler's signal over there. */
  readonly signal?: AbortSignal | undefined;
  /** Handed to the handler as it is. */
  readonly from?: string;
  /** Goes out however many calls are under way, and is waited for even when its signals abort. */
  readonly urgent?: boolean;
}
