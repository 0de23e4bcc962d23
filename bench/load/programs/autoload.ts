import path from "node:path";
import autoload from "@fastify/autoload";
import { fastify } from "fastify";
import { tell } from "../measured.ts";

const [folder = "", count] = process.argv.slice(2);
const app = fastify();
const begun = performance.now();
app.register(autoload, { dir: path.join(folder, "autoload"), encapsulate: false, dirNameRoutePrefix: false });
await app.ready();
const loaded = Array.from({ length: Number(count) }, (_, at) => app.hasDecorator(`m${at}`));
tell(loaded.filter(Boolean).length, Number(count), performance.now() - begun);
