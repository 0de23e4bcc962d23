import { Users } from "@helpdesk/identity";
import { TicketStatistics } from "@helpdesk/tickets";
import { Http, HttpProblem } from "@plinth/http";
import { defineModule, systemClock } from "@plinth/module";
import { manifest, Permission } from "./module.gen.ts";
import { type Period, periodOf } from "./period.ts";
import { summaryOf } from "./summary.ts";

const day = { type: "string", format: "date" };
const querystring = { type: "object", additionalProperties: false, properties: { from: day, to: day } };

export default defineModule(manifest, {
  requires: { http: Http, users: Users, statistics: TicketStatistics },
  setup({ http, users, statistics, config }) {
    const { days } = config;
    http.get<{ Querystring: Partial<Period> }>(
      "/summary",
      { permission: Permission.SummaryRead, schema: { querystring } },
      ({ query }) => {
        const period = periodOf(query, days, systemClock.wallTime());
        if (typeof period === "string") throw new HttpProblem(400, period);
        return summaryOf(period, statistics, users);
      },
    );
  },
});
