import type { Context } from "../context.ts";
import { writeJsonLine } from "../output/json.ts";
import type { DevEvent, Display } from "./display.ts";
import { placeProblem } from "./problem-place.ts";

const nothing = {
  files: [],
  generated: [],
  added: [],
  removed: [],
  reloaded: [],
  restarted: [],
  reason: null,
  url: null,
  durationMs: null,
  problems: [],
};

/** A line of JSON for each event; what the platform prints goes to the standard error. */
export function jsonDisplay(context: Context): Display {
  return {
    output: (text) => void context.stderr.write(text),
    show(event) {
      writeJsonLine(context, "dev", { ...nothing, event: event.type, ...fieldsOf(event) });
    },
  };
}

function fieldsOf(event: DevEvent) {
  switch (event.type) {
    case "running": {
      const { files, generated, reason = null, url, durationMs } = event;
      return { files, generated, reason, url, durationMs };
    }
    case "changed": {
      const { files, generated, change, durationMs } = event;
      const { added, removed, reloaded, restarted } = change;
      const problems = change.errors.map((error) => placeProblem(error).problem.toJSON());
      return { files, generated, added, removed, reloaded, restarted, durationMs, problems };
    }
    case "failed": {
      const { files, generated, problems } = event;
      const reason = event.goesOn ? null : "nothing runs until this is mended";
      return { files, generated, reason, problems: problems.map((problem) => placeProblem(problem).problem.toJSON()) };
    }
    case "ended":
      return { reason: `the platform ended ${event.how}` };
    default:
      return event satisfies never;
  }
}
