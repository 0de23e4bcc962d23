import { ModuleFolders, ToyHost } from "./host.fixture.ts";

/**
 * A host of one module, whose process id it prints. With the argument `blocked` the module is caught
 * in a loop by then. Waits to be killed.
 */
const folders = new ModuleFolders();
const module = folders.module(
  "toy",
  `import { defineModule, service } from "@plinth/module";
   setInterval(() => {}, 1000);
   export default defineModule({ provides: { toy: service("toy.toy") }, setup: ({ log }) => ({ toy: { block: () => { setTimeout(() => { for (;;); }); } } }) });`,
);
const host = await ToyHost.load(module);
await host.start();
if (process.argv.includes("blocked")) await (host.provided.toy as { block(): Promise<void> }).block();
process.stdout.write(JSON.stringify({ pid: host.pid, root: folders.root }));
