import path from "node:path";
import { runPlatform } from "@plinth/platform";

await runPlatform({ root: path.resolve(import.meta.dirname, "..") });
