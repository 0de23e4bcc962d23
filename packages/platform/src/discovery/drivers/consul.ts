import type { ServiceRegistry } from "@plinth/discovery";
import { type ConsulSettings, milliseconds } from "../settings.ts";
import { fileIn, type Surroundings, timingOf } from "./surroundings.ts";

/** A registry on the Consul agent of this machine. What the settings leave open comes from Consul's own variables. */
export async function openConsul(settings: Partial<ConsulSettings>, around: Surroundings): Promise<ServiceRegistry> {
  const { createConsulRegistry, consulOptionsFrom } = await import("@plinth/discovery-consul");
  const { address, token, tokenFile, tls = {}, ttl, deregisterAfter, ...scope } = settings;
  const { token: envToken, tokenFile: envTokenFile, tls: envTls, ...fromEnv } = consulOptionsFrom(around.env);
  const ownToken = given({ token, tokenFile: tokenFile && fileIn(around, tokenFile) });
  const ownTls = given({
    caFile: tls.caFile && fileIn(around, tls.caFile),
    certFile: tls.certFile && fileIn(around, tls.certFile),
    keyFile: tls.keyFile && fileIn(around, tls.keyFile),
    serverName: tls.serverName,
  });
  return createConsulRegistry({
    ...fromEnv,
    ...given({ url: address, ...scope }),
    ...(Object.keys(ownToken).length > 0 ? ownToken : given({ token: envToken, tokenFile: envTokenFile })),
    tls: { ...envTls, ...ownTls },
    ...given({
      heartbeatTtlMs: ttl === undefined ? undefined : milliseconds(ttl),
      deregisterAfterMs: deregisterAfter === undefined ? undefined : milliseconds(deregisterAfter),
    }),
    ...timingOf(around),
  });
}

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
