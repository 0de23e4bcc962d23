/** What bounds a module's process. */
export interface IsolationLimits {
  /** Milliseconds that starting the process and importing the module's code may take. */
  readonly importMs: number;
  /** Milliseconds that the process has to end after it was told to; then it is killed. */
  readonly exitMs: number;
  /** Milliseconds that the event loop may stand still while the module runs. */
  readonly heartbeatMs: number;
  /** Megabytes of memory, all of it, as the system counts what is resident. */
  readonly memoryMb: number;
  /** Bytes of one message. */
  readonly messageBytes: number;
  /** Bytes that may wait to be written before calls have to wait. */
  readonly bufferedBytes: number;
  /** Calls under way in each direction. */
  readonly callsInFlight: number;
  /** Calls that wait to be sent, in each direction. */
  readonly callsWaiting: number;
}

/** What holds where neither the manifest nor the host says otherwise. */
export const defaultIsolationLimits: IsolationLimits = {
  importMs: 15_000,
  exitMs: 2_000,
  heartbeatMs: 10_000,
  memoryMb: 512,
  messageBytes: 16 * 1024 * 1024,
  bufferedBytes: 16 * 1024 * 1024,
  callsInFlight: 256,
  callsWaiting: 10_000,
};
