import * as module from "@plinth/module";
import * as commander from "commander";
import * as traced from "../answers/traced-fs.ts";

export { runBundled } from "./run-bundled.ts";

/** What the other part of the bundle takes from here, as there may be only one of each. */
export const shared = { traced, commander, module };
