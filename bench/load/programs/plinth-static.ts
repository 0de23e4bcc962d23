// The modules are in a list that imports them; bundled too, this is one file.

// @ts-expect-error the list is written for each size
import { modules } from "modules-list";
import { load } from "./plinth.ts";
import { type Listed, registerListed } from "./register-listed.ts";

const evaluated = performance.now();
await load(registerListed(modules as readonly Listed[]), Number(process.argv[3]), evaluated);
