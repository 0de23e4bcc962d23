import avvio from "avvio";
import type { Boot } from "../contender.ts";

/** Plugins load one after another, in the order in which they are used. */
export const boot: Boot = async ({ count }, start) => {
  const app = avvio({}, { timeout: 0, autostart: false });
  for (let module = 0; module < count; module += 1) app.use(async () => start());
  app.start();
  await app.ready();
};
