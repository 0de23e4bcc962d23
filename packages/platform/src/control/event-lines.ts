import type { ServerResponse } from "node:http";
import type { ControlledPlatform } from "./controlled.ts";

/** A reader that lets this many bytes of events pile up is cut off. */
const mostWaiting = 1024 * 1024;

/** Writes each event of the platform as a line of JSON, until either side ends it. */
export function writeEvents(platform: ControlledPlatform, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.flushHeaders();
  const stop = platform.onEvent((event) => {
    response.write(`${JSON.stringify(event)}\n`);
    if (response.writableLength > mostWaiting) response.destroy();
  });
  response.on("close", stop);
}
