import path from "node:path";
import { runPlatform } from "@plinth/platform";
import { modules } from "./modules.gen.ts";

await runPlatform({ root: path.resolve(import.meta.dirname, ".."), modules });
