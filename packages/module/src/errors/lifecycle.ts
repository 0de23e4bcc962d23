import { defineErrors } from "./define.ts";

/** Start, stop and health of modules. */
export const lifecycleErrors = defineErrors({
  START_FAILED: {
    message: 'module "{module}" failed in {phase}: {reason}',
    fix: "Mend the cause shown below. The modules that had started were stopped again.",
    why: "A hook of the module threw. A critical module that cannot start would leave a platform that only looks alive.",
  },
  START_TIMEOUT: {
    message: 'module "{module}" did not finish {phase} within {limit} ms',
    fix: "Find what it waits for, or raise timeouts.start in its manifest.",
    why: "A start that hangs would hold up every dependent for ever. When it ends after its time, what it started is stopped and discarded.",
  },
  START_CANCELLED: {
    message: 'the start was given up while module "{module}" was in {phase}: {reason}',
    fix: "Nothing to mend in this module: it was told to stop before it was ready.",
    why: "The platform was asked to stop, or another module failed, before the start was complete.",
  },
  START_INTERRUPTED: {
    message: "the platform was asked to stop before it had started ({reason})",
    fix: "Start it again when it is wanted.",
    why: "A signal or a call of stop came while modules were starting. Those that had started were stopped in reverse order.",
  },
  STOP_FAILED: {
    message: 'module "{module}" failed while stopping: {reason}',
    fix: "Mend the stop hook; the other modules were stopped all the same.",
    why: "A stop hook threw. The stop goes on, so that nothing else is left behind, and every error is reported.",
  },
  STOP_TIMEOUT: {
    message: 'module "{module}" did not stop within {limit} ms',
    fix: "Find what its stop hook waits for, or raise timeouts.stop in its manifest.",
    why: "The stop of one module must not keep the process alive for ever.",
  },
  STOP_BUDGET: {
    message: "the platform did not stop within {limit} ms; still open: {modules}",
    fix: "Shorten the stop hooks of these modules, or raise stop.timeout in platform.yaml.",
    why: "The whole stop has one limit, so that an orchestrator's kill does not come first.",
  },
  UNHANDLED_REJECTION: {
    message: "a promise was rejected and nobody handled it{module}: {reason}",
    fix: "Await the promise, or catch its error where it is made.",
    why: "After an unhandled error the state of the process is unknown. The platform drains, stops its modules and exits with 1.",
  },
  EVENT_LOOP_BLOCKED: {
    message: "the event loop stood still for {blocked} ms{module}",
    fix: "Move long computations out of the event loop: into a worker, or in slices.",
    why: "While the event loop stands still no request is answered and no timeout fires.",
  },
  DRAIN_FAILED: {
    message: 'the extension "{extension}" failed while the platform withdrew from traffic: {reason}',
    fix: "Mend the extension's drain hook; the modules were stopped all the same.",
    why: "Before modules stop, extensions take the platform out of load balancers and registries. An error there does not keep the modules from stopping.",
  },
  DRAIN_TIMEOUT: {
    message: "withdrawing from traffic took longer than {limit} ms",
    fix: "Shorten http.drainDelay or discovery.drainGrace, or raise stop.timeout in platform.yaml.",
    why: "The grace for requests that are still on their way has to fit into the time for the whole stop.",
  },
  RUN_FAILED: {
    message: 'module "{module}" failed while running: {reason}',
    fix: "Mend the cause shown below. The platform starts the module again after a pause, as restart in platform.yaml says.",
    why: "The module said that it cannot go on, or its process ended. It was stopped, and the modules that depend on it were told.",
  },
  RESTART_LIMIT: {
    message: 'module "{module}" was started again {max} times within {window} s and stays stopped: {reason}',
    fix: "Mend the cause, then run: platformctl modules restart {module}.",
    why: "A module that fails again and again would only burn the machine. How often and how soon it is started again is set by restart in platform.yaml.",
  },
  LIFECYCLE_SEALED: {
    message: 'module "{module}" registered a hook ({hook}) too late',
    fix: "Register start hooks and health checks in setup, and stop hooks before the module is running.",
    why: "A hook that is registered after its time would never run.",
  },
});
