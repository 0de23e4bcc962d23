import type { Logger, LogMethod } from "@plinth/module";

/** One line that was logged. */
export interface LogLine {
  readonly level: "trace" | "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps its lines. */
export interface RecordingLog extends Logger {
  readonly lines: readonly LogLine[];
}

/** A logger that keeps its lines, those of its children among them, with the children's fields. */
export function createRecordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  return { ...writing(lines, {}), lines };
}

function writing(lines: LogLine[], own: Readonly<Record<string, unknown>>): Logger {
  const method = (level: LogLine["level"]): LogMethod => {
    return (first: string | Readonly<Record<string, unknown>>, second?: string) => {
      const [fields, message] = typeof first === "string" ? [{}, first] : [first, second ?? ""];
      lines.push({ level, message, fields: { ...own, ...fields } });
    };
  };
  return {
    trace: method("trace"),
    debug: method("debug"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
    child: (fields) => writing(lines, { ...own, ...fields }),
  };
}
