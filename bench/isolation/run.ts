// Calls into another process: by a bare pipe, by Node's own channel, by birpc on that, and of an isolated module. They take turns in
// one process.
import { markdownTable, ratio } from "../lib/table.ts";
import { openBirpc } from "./birpc.ts";
import type { OpenEcho } from "./echo.ts";
import { openIpc } from "./ipc.ts";
import { openIsolated } from "./isolated.ts";
import { openPipe } from "./pipe.ts";

interface Load {
  readonly name: string;
  /** What is sent: never the same object twice, which structured clones would tell. */
  value(): unknown;
  readonly inFlight: number;
}

const small = () => ({ id: 42, subject: "The printer prints moths", isOpen: true });
const bytes = Buffer.from("moth ".repeat(2_000));
const large = () => ({ ...small(), body: bytes.toString("latin1") });
const loads: readonly Load[] = [
  { name: "one at a time", value: small, inFlight: 1 },
  { name: "64 in flight", value: small, inFlight: 64 },
  { name: "10 KB, 64 in flight", value: large, inFlight: 64 },
];

/** Microseconds a call. */
async function turn({ echo }: OpenEcho, { value, inFlight }: Load, ms: number): Promise<number> {
  const begun = performance.now();
  const end = begun + ms;
  let done = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await echo(value());
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return ((performance.now() - begun) * 1_000) / done;
}

/** The table of so many turns of each. */
export async function isolationTable(rounds: number, ms: number): Promise<string> {
  const open: Readonly<Record<string, OpenEcho>> = {
    "bare pipe": openPipe(),
    "Node's IPC": openIpc(),
    "birpc on Node's IPC": openBirpc(),
    "Plinth, isolated module": await openIsolated(),
  };
  const best = new Map<string, number[]>();
  try {
    for (const echo of Object.values(open)) for (const load of loads) await turn(echo, load, ms);
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, echo] of Object.entries(open)) {
        for (const [at, load] of loads.entries()) {
          const figures = best.get(name) ?? loads.map(() => Number.POSITIVE_INFINITY);
          figures[at] = Math.min(figures[at] as number, await turn(echo, load, ms));
          best.set(name, figures);
        }
      }
    }
  } finally {
    for (const echo of Object.values(open)) await echo.close();
  }
  const bare = best.get("bare pipe") ?? [];
  return [
    markdownTable(
      ["a call, there and back", ...loads.map(({ name }) => name)],
      [...best].map(([name, figures]) => [
        name,
        ...figures.map((us, at) =>
          name === "bare pipe" ? `${us.toFixed(1)} us` : `${ratio(us, bare[at] as number)} (${us.toFixed(1)} us)`,
        ),
      ]),
    ),
    "",
    `The best of ${rounds} turns of ${ms} ms each. The bare pipe carries structured clones, as the others do, and has neither errors, nor signals, nor limits.`,
  ].join("\n");
}

if (import.meta.main) {
  console.log(await isolationTable(15, 150));
  process.exit(0);
}
