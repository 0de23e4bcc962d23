import { defineErrors } from "./define.ts";

/** Testing that a module loads, starts and stops on its own. */
export const testErrors = defineErrors({
  TEST_LEFT_BEHIND: {
    message: 'module "{module}" left {what} behind',
    fix: "{mend}",
    why: "A module that stops has to give back what it took, because it may be reloaded, restarted or removed while the platform goes on: what it leaves keeps working on what is not there any more, and piles up. The place is where it was made, as far as that is known.",
  },
  TEST_CONNECTION_HELD: {
    message: 'module "{module}" still held {what} when everything that depends on it had stopped',
    fix: "Await what uses the database in a stop hook, so that it has ended before the module has.",
    why: "A connection that is not given back is missing to all other modules, and keeps the database from closing. Most often a transaction waits for something that does not come, or nobody awaits the promise that works on it.",
  },
  TEST_STILL_ALIVE: {
    message: 'the process did not end after module "{module}" had stopped: {resources}',
    fix: "Look in the module for what waits: a request without a time limit, an open file, a native add-on.",
    why: "When everything has stopped, nothing should keep the event loop going. What does was not seen when it was made, so only its kind is known.",
  },
  TEST_UNHEALTHY: {
    message: 'module "{module}" started, but its health check failed: {reason}',
    fix: "Mend what the check found, or the check if it asks for something that a module cannot have on its own.",
    why: "A platform with a module that is not healthy takes no traffic.",
  },
  TEST_UNCAUGHT: {
    message: 'nobody caught an error while module "{module}" was {phase}: {reason}',
    fix: "Await the promise, or catch the error where it happens.",
    why: "In a running platform such an error ends the process, whichever module it comes from.",
  },
  TEST_EXITED: {
    message: 'module "{module}" ended the process with code {code} while it was {phase}',
    fix: "Throw an error instead of calling process.exit.",
    why: "Ending the process takes all other modules down with it, without their stop hooks. A module that cannot go on throws, or calls lifecycle.fail.",
  },
  TEST_DIED: {
    message: 'the process of module "{module}" died of {cause} while it was {phase}',
    fix: "Read the last lines of its output, and run the test of this module alone.",
    why: "Each module is tested in a process of its own, so that a crash, such as one for want of memory, ends that test alone.",
  },
  TEST_TIMEOUT: {
    message: 'module "{module}" was still {phase} after {limit}',
    fix: "Look for what does not end there, such as a loop that never yields; or give it more time with --timeout.",
    why: "Each hook has a time limit of its own. This one, for everything together, is reached where code blocks the event loop or the module is slow throughout.",
  },
  TEST_INTERRUPTED: {
    message: 'the test of module "{module}" was interrupted',
    fix: "Run it again.",
    why: "Ctrl-C, or the end of whoever read the output, ends all tests that are running.",
  },
});
