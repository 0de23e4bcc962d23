import { describe, expect, it } from "vitest";
import { consulOptionsFrom } from "./environment.ts";

describe("the agent that the environment names", () => {
  it("is left to the defaults where nothing is set", () => {
    expect(consulOptionsFrom({ CONSUL_HTTP_ADDR: "" })).toEqual({});
  });

  it("may be given with or without a scheme", () => {
    expect(consulOptionsFrom({ CONSUL_HTTP_ADDR: "10.0.0.1:8500" })).toEqual({ url: "http://10.0.0.1:8500" });
    expect(consulOptionsFrom({ CONSUL_HTTP_ADDR: "a:1", CONSUL_HTTP_SSL: "true" })).toEqual({ url: "https://a:1" });
    expect(consulOptionsFrom({ CONSUL_HTTP_ADDR: "https://a:1" })).toEqual({ url: "https://a:1" });
    expect(consulOptionsFrom({ CONSUL_HTTP_SSL: "1" })).toEqual({ url: "https://127.0.0.1:8501" });
  });

  it("takes a token before a file of it, and the files of TLS", () => {
    const env = {
      CONSUL_HTTP_TOKEN_FILE: "/run/token",
      CONSUL_CACERT: "/ca.pem",
      CONSUL_CLIENT_CERT: "/cert.pem",
      CONSUL_CLIENT_KEY: "/key.pem",
      CONSUL_TLS_SERVER_NAME: "server.dc1.consul",
      CONSUL_NAMESPACE: "team",
      CONSUL_PARTITION: "part",
    };
    const rest = {
      tls: { caFile: "/ca.pem", certFile: "/cert.pem", keyFile: "/key.pem", serverName: "server.dc1.consul" },
      namespace: "team",
      partition: "part",
    };
    expect(consulOptionsFrom(env)).toEqual({ ...rest, tokenFile: "/run/token" });
    expect(consulOptionsFrom({ ...env, CONSUL_HTTP_TOKEN: "t" })).toEqual({ ...rest, token: "t" });
  });
});
