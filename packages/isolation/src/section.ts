import { durationPattern, parseDuration, type Rights, type SectionSchema } from "@plinth/module";
import * as z from "zod";

/** The manifest's section `isolation`, after validation. */
export interface IsolationSection {
  readonly mode: IsolationMode;
  /** Megabytes. */
  readonly memory: number | undefined;
  /** Milliseconds. */
  readonly heartbeat: number | undefined;
  /** What the module asks for. */
  readonly rights: Rights;
}

/** `process`: a process of its own; `in-process`: the platform's. */
export type IsolationMode = "process" | "in-process";

const mode = z
  .enum(["process", "in-process"])
  .describe("process: the module runs in a process of its own. in-process: in the platform's.");
const paths = z.array(z.string().min(1)).default([]);
const rights = z
  .strictObject({
    read: paths.describe("Files and folders that it may read, relative to the platform's folder."),
    write: paths.describe("Files and folders that it may write, relative to the platform's folder."),
    env: z
      .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/))
      .default([])
      .describe("Variables of the environment that it is given."),
    childProcess: z.boolean().default(false).describe("Whether it may start processes."),
    workers: z.boolean().default(false).describe("Whether it may start worker threads."),
    addons: z.boolean().default(false).describe("Whether it may load native addons and run WASI."),
    network: z.boolean().default(false).describe("Whether it may use the network."),
  })
  .describe("What the module asks for besides running. A plugin gets what it was granted when it was added.");
const section = z
  .union([
    mode,
    z.strictObject({
      mode: mode.default("process"),
      memory: z
        .string()
        .regex(/^\d+(?:MB|GB)$/)
        .optional()
        .describe("The most memory that its process may use, such as 256MB. Default: 512MB."),
      heartbeat: z
        .string()
        .regex(new RegExp(durationPattern))
        .meta({ format: "duration" })
        .optional()
        .describe("How long its event loop may stand still, such as 5s. Default: 10s."),
      rights: rights.prefault({}),
    }),
  ])
  .describe("Where the module runs, and what it may do there.");

const smallestMemoryMb = 64;
const smallestHeartbeatMs = 200;

/** The schema of the section; validation turns the short form into the long one. */
export const isolationSection: SectionSchema<IsolationSection> = {
  "~standard": {
    version: 1,
    vendor: "plinth",
    validate(value) {
      const result = section.safeParse(value);
      if (result.error !== undefined) return { issues: result.error.issues };
      const { data: written } = result;
      if (typeof written === "string") return { value: { ...bare, mode: written } };
      const memory = megabytes(written.memory);
      const heartbeat = written.heartbeat === undefined ? undefined : parseDuration(written.heartbeat);
      if (memory !== undefined && memory < smallestMemoryMb) {
        return {
          issues: [{ message: `must be ${smallestMemoryMb}MB or more: Node needs that much`, path: ["memory"] }],
        };
      }
      if (heartbeat !== undefined && heartbeat < smallestHeartbeatMs) {
        return { issues: [{ message: `must be ${smallestHeartbeatMs}ms or more`, path: ["heartbeat"] }] };
      }
      return { value: { mode: written.mode, memory, heartbeat, rights: written.rights } };
    },
    jsonSchema: section["~standard"].jsonSchema,
  },
};

const bare = { memory: undefined, heartbeat: undefined, rights: rights.parse({}) };

function megabytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return Number.parseInt(text, 10) * (text.endsWith("GB") ? 1024 : 1);
}
