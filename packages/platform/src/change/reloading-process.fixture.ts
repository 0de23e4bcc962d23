/**
 * Runs in a process of its own, since Vitest imports files in another way than Node does: starts the
 * platform in the folder of the first argument, and for each line on the standard input reloads the
 * module that it names. Answers each with a line of JSON: the report or the errors' codes, what the
 * module's route says, and how often its code was loaded.
 */
import { createInterface } from "node:readline";
import { HttpDirectory } from "@plinth/http";
import { PlatformErrors } from "@plinth/module";
import { createPlatform } from "../create-platform.ts";

const settings = { http: { port: 0, drainDelay: "0s" } };
const platform = await createPlatform({ root: process.argv[2] ?? "", settings });
await platform.start();
const base = platform.service(HttpDirectory)?.address()?.url ?? "";

async function tell(made: unknown): Promise<void> {
  const response = await fetch(`${base}/greeter`);
  const loads = (globalThis as { timesLoaded?: number }).timesLoaded;
  process.stdout.write(`${JSON.stringify({ made, answer: await response.json(), loads })}\n`);
}

await tell("started");
for await (const name of createInterface({ input: process.stdin })) {
  const made = await platform
    .reload(name)
    .catch((error: unknown) => (error instanceof PlatformErrors ? error.errors.map(({ code }) => code) : `${error}`));
  await tell(made);
}
await platform.stop();
