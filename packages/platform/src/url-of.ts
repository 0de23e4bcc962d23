import { HttpDirectory } from "@plinth/http";
import type { RunnablePlatform } from "./create-platform.ts";

/** Where a platform's HTTP host listens; `undefined` before it does and after it has stopped. */
export function urlOf(platform: Pick<RunnablePlatform, "service">): string | undefined {
  return platform.service(HttpDirectory)?.address()?.url;
}
