import { thisContext } from "@plinth/cli";
import { create } from "./create.ts";

process.exitCode = (await create(thisContext())) ?? 0;
