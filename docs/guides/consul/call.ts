// Calls the helpdesk by its name, five times a second, and says which replica answered. From the repository's root:
//   node --conditions=plinth-source docs/guides/consul/call.ts [how often]
import { setTimeout as pause } from "node:timers/promises";
import { discoveryDispatcher } from "@plinth/discovery/http";
import { consulOptionsFrom, createConsulRegistry } from "@plinth/discovery-consul";
import { request } from "undici";

const registry = createConsulRegistry(consulOptionsFrom(process.env));
let replica = "";
const dispatcher = discoveryDispatcher(registry, {
  observer: {
    picked(_, { endpoints }) {
      replica = endpoints.map(({ host, port }) => `${host}:${port}`).join(", ");
    },
  },
});

const times = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
for (let count = 0; count < times; count += 1) {
  const { statusCode, body } = await request("http://helpdesk.service/livez", { dispatcher });
  await body.dump();
  console.log(statusCode, replica);
  await pause(200);
}
await dispatcher.close();
await registry[Symbol.asyncDispose]();
