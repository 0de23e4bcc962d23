import { defineErrors } from "./define.ts";

/** Modules that run in processes of their own. */
export const isolationErrors = defineErrors({
  ISOLATION_SPAWN_FAILED: {
    message: 'no process could be started for module "{module}": {reason}',
    fix: "Check that the machine can start another Node process, or let the module run in the platform's own process.",
    why: "The operating system refused to start the process, or the process could not read what it begins with.",
  },
  ISOLATION_IMPORT_TIMEOUT: {
    message: 'the code of module "{module}" was not imported within {limit} ms',
    fix: "Move what takes time at import into a start hook, and look for a top-level await that never ends.",
    why: "Importing a module's code should only define it. A process that hangs there would hold up the start for ever; it was ended.",
  },
  ISOLATION_CODE_CHANGED: {
    message: 'module "{module}" requires or provides other services since its process was started again',
    fix: "Load it anew, so that it is checked again: platformctl modules restart {module}",
    why: "The files of the module have changed since it was loaded. The services of a module are held against its manifest when it is loaded, not each time its process is started.",
  },
  ISOLATION_EXITED: {
    message: 'the process of module "{module}" ended by itself with exit code {code}',
    fix: "Find what calls process.exit in the module, or what ended its process; its last words are in the cause.",
    why: "A module's process lives as long as the module runs. When it ends before, the module has failed.",
  },
  ISOLATION_KILLED: {
    message: 'the process of module "{module}" was ended by {signal}',
    fix: "Find who sent the signal: SIGABRT comes from the process itself, SIGKILL often from the system when memory runs out.",
    why: "A module's process lives as long as the module runs. When it is ended from outside, the module has failed.",
  },
  ISOLATION_OUT_OF_MEMORY: {
    message: 'the process of module "{module}" used more memory than its {limit} MB',
    fix: "Find what the module keeps, or allow it more: isolation.memory in its manifest.",
    why: "The memory of a module's process is limited, so that one module cannot take it from all others.",
  },
  ISOLATION_BLOCKED: {
    message: 'the event loop of module "{module}" did not turn for {limit} ms',
    fix: "Cut long computations into slices, or allow more time: isolation.heartbeat in its manifest.",
    why: "While its event loop stands still a module answers nothing, and cannot even be told to stop. Its process was ended.",
  },
  ISOLATION_UNHANDLED: {
    message: 'an error in module "{module}" was handled by nobody: {reason}',
    fix: "Catch the error where it is made, or await the promise; the cause has its stack.",
    why: "After an error that nobody handled the state of the module's process is unknown, so it was ended.",
  },
  ISOLATION_FLOODED: {
    message: 'module "{module}" sent more than its process may: {reason}',
    fix: "Await calls before making more of them, or make fewer at once.",
    why: "What is under way between two processes takes memory on both sides, so it is bounded. Its process was ended.",
  },
  ISOLATION_PROTOCOL: {
    message: 'module "{module}" sent something that cannot be read: {reason}',
    fix: "Let the module use the services it is given, and nothing else that writes to file descriptor 3.",
    why: "The platform and a module's process speak over a channel of their own. What does not follow its form is not acted on, and the process was ended.",
  },
  ISOLATION_MESSAGE_TOO_LARGE: {
    message: "{what} has {size} bytes, more than the {limit} that one message may have",
    fix: "Send it in parts, or hand over a place where it can be read instead.",
    why: "A message has to be held in memory on both sides of a process boundary as a whole.",
  },
  ISOLATION_NOT_CLONEABLE: {
    message: "{what} cannot be sent to another process: {reason}",
    fix: "Send data: plain objects, arrays, dates, maps, sets, buffers. Functions, streams and proxies stay where they are.",
    why: "Values are copied between processes by the structured clone algorithm. An AbortSignal is passed on when it is an argument or a property of one.",
  },
  ISOLATION_NO_METHOD: {
    message: 'the service "{service}" has no method "{method}"',
    fix: "Call one of its methods. Properties that are not methods cannot be read from another process.",
    why: "A service in another process is called method by method.",
  },
  ISOLATION_NO_END: {
    message: 'the service "{service}" cannot be made in the process of a module: its part for that was not found',
    fix: "Name a childEntry that hands the part to runChild; a platform that is bundled into one file needs that.",
    why: "Some services of the platform are more than methods that can be called from afar, and have a part that runs in the module's process. It is imported from a file, or handed over where there are no such files.",
  },
  ISOLATION_NOT_RUNNING: {
    message: 'module "{module}" does not run, so its service "{service}" could not do "{method}"',
    fix: "Try again when the module runs; platformctl status shows why it does not.",
    why: "The call was not sent. A module that failed is started again after a pause, and its services are good again then.",
  },
  ISOLATION_CALL_LOST: {
    message: 'module "{module}" ended before it had answered the call of "{method}" on "{service}"',
    fix: "Find out whether it was carried out before calling again; the cause says why the module ended.",
    why: "The call had been sent. Nobody can say whether it was carried out before the process ended.",
  },
  ISOLATION_BUSY: {
    message: "too many calls wait already ({waiting}): {what} was not sent",
    fix: "Make fewer calls at once, or find out why they are answered so slowly.",
    why: "Calls to another process wait when many are under way, and the number of those that wait is bounded.",
  },
  ISOLATION_UNKNOWN_MODULE: {
    message: 'platform.yaml names "{module}" under isolation, and there is no such module',
    fix: "{hint}",
    why: "A name that means no module would leave the module that was meant where it runs otherwise.",
  },
  ISOLATION_BOTH_LISTS: {
    message: 'platform.yaml names module "{module}" under isolation.process and under isolation.inProcess',
    fix: "Remove it from one of the two lists.",
    why: "A module runs in one place.",
  },
  ISOLATION_NO_FOLDER: {
    message: 'module "{module}" cannot have a process of its own: it has no folder',
    fix: "Give it a folder with an entry file, or let it run in the platform's own process.",
    why: "Another process can only import a module's code from a file.",
  },
  ISOLATION_UNSUPPORTED: {
    message: 'module "{module}" runs in a process of its own, where {what} cannot be used',
    fix: "{hint}",
    why: "Most of what the platform's services offer works from another process in the same way. This does not: it would need a function, or an object that changes, to be in two processes at once.",
  },
});
