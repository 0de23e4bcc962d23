/** What a module's process may do besides reading its own code. Everything is denied that is not here. */
export interface Rights {
  /** Files and folders that may be read, with all that is in them; relative ones in the platform's folder. */
  readonly read: readonly string[];
  /** Files and folders that may be written, which includes reading; relative ones in the platform's folder. */
  readonly write: readonly string[];
  /** Variables of the host's environment that are handed on. */
  readonly env: readonly string[];
  readonly childProcess: boolean;
  /** Worker threads. */
  readonly workers: boolean;
  /** Native addons and WASI. */
  readonly addons: boolean;
  /** Can only be denied where Node can: from version 25 on. */
  readonly network: boolean;
}

/** Nothing besides its own code. */
export const noRights: Rights = {
  read: [],
  write: [],
  env: [],
  childProcess: false,
  workers: false,
  addons: false,
  network: false,
};
