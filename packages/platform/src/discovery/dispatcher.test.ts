import { ServiceDispatcher } from "@plinth/discovery";
import { Metrics } from "@plinth/http";
import { defineModule, service } from "@plinth/module";
import { Gauge } from "prom-client";
import { expect, it } from "vitest";
import { desk, setStage } from "./announcing.fixture.ts";

interface Caller {
  call(url: string): Promise<unknown>;
}
const Caller = service<Caller>("caller.caller");

/** Calls services by their names, and shows a figure of its own. */
const caller = defineModule(
  { name: "caller", version: "1.0.0" },
  {
    requires: { dispatcher: ServiceDispatcher, metrics: Metrics },
    provides: { caller: Caller },
    setup({ dispatcher, metrics }) {
      const calls = new Gauge({ name: "caller_calls", help: "Calls made.", registers: [metrics.registry] });
      return {
        caller: {
          async call(url) {
            calls.inc();
            const answer = await fetch(url, { dispatcher } as unknown as RequestInit);
            return answer.json();
          },
        },
      };
    },
  },
);

it("a module calls another one by its service's name; the figures are on /metrics", async () => {
  const tickets = desk("tickets", { services: [{ name: "helpdesk" }] });
  const { platform, instances, url } = await setStage({ modules: [tickets.module, caller] });
  await platform.start();
  await expect.poll(() => instances("helpdesk")).toHaveLength(1);
  const calling = platform.service(Caller);
  expect(await calling?.call("http://helpdesk.service/tickets")).toEqual({ from: "tickets" });
  await calling?.call("http://helpdesk.service/tickets");

  const metrics = await (await fetch(new URL("/metrics", url()))).text();
  expect(metrics).toContain('plinth_discovery_instances{service="helpdesk",state="up"} 1');
  expect(metrics).toContain('plinth_discovery_picks_total{service="helpdesk"} 2');
  expect(metrics).toContain('plinth_discovery_stale_seconds{service="helpdesk"} 0');
  expect(metrics).toContain("caller_calls 2");
});

it("a platform in which nobody calls services shows no figures of them", async () => {
  const { platform, url } = await setStage({ modules: [desk("tickets", {}).module] });
  await platform.start();
  expect(await (await fetch(new URL("/metrics", url()))).text()).not.toContain("plinth_discovery");
});
