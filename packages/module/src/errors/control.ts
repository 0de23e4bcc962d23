import { defineErrors } from "./define.ts";

/** Asking and telling a running platform. */
export const controlErrors = defineErrors({
  CONTROL_NOT_RUNNING: {
    message: 'no platform is running in "{root}"',
    fix: "Start it with platformctl start, or name the folder of the one that runs with -C DIR.",
    why: "A running platform listens on a socket in its own folder, for the user who started it. There is none, or nobody answers it: the platform was not started, has ended, runs as another user or on another machine, or has control: off in its platform.yaml.",
  },
  CONTROL_NO_ANSWER: {
    message: "the running platform did not answer within {limit} ms",
    fix: "Look at its log; its event loop may be standing still. A second SIGTERM ends it in any case.",
    why: "The platform's socket is there and takes connections, but the process behind it does not come to answering.",
  },
  CONTROL_LOST: {
    message: "the platform went away before it had answered: {reason}",
    fix: "See in its log why it ended, and start it again.",
    why: "The connection to the running platform broke off in the middle of a request, so that nobody can say how far it came.",
  },
  CONTROL_REQUEST: {
    message: 'the running platform does not understand the request "{request}"',
    fix: "Use the platformctl that is installed beside the platform, as npx platformctl does; the platform speaks {versions} of the control protocol.",
    why: "Platform and platformctl come from releases that are too far apart.",
  },
  CONTROL_MODULE: {
    message: 'the running platform has no module "{module}"',
    fix: "{hint}",
    why: "Only a module that the platform knows can be restarted. One that was added to its folder after the start is known after a refresh, or after the next start.",
  },
  CONTROL_FAILED: {
    message: "the platform could not do what it was asked to: {reason}",
    fix: "See the platform's log for the cause.",
    why: "Carrying out the request failed in a way that the platform does not know.",
  },
  CONTROL_TAKEN: {
    message: "another platform is running in this folder, and platformctl goes on talking to that one",
    fix: "Stop the other one, or set control: off where several are meant to run in one folder.",
    why: "The socket belongs to whoever came first for as long as that process lives. The platform that came later runs all the same, but cannot be asked or told anything.",
  },
  CONTROL_UNAVAILABLE: {
    message: "platformctl cannot look into this platform while it runs: {reason}",
    fix: "Let the platform write to the folder .data in its root, or set control: off.",
    why: "The control socket could not be made. The platform runs all the same.",
  },
  CONTROL_FOLDER: {
    message: 'the folder "{folder}" for the control socket belongs to another user, or is no folder',
    fix: "Remove it; the platform makes it anew.",
    why: "Whoever owns the folder could put a socket of his own in the place of the platform's.",
  },
});
