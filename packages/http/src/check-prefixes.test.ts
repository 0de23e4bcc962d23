import { describe, expect, test } from "vitest";
import { app, createDriver } from "./driver.fixture.ts";

const at = (prefix: string) => ({ manifest: { http: { prefix } } });
const locate = (file: string, path: readonly (string | number)[]) => ({ file: `${file}#${path.join("/")}`, line: 1 });

async function problemsOf(...modules: Parameters<typeof createDriver>[0]) {
  try {
    await createDriver(modules, {}, { locate }).check();
  } catch (error) {
    return (error as AggregateError).errors.map(({ code, message, at }) => ({ code, message, at }));
  }
  return [];
}

describe("the prefixes of modules", () => {
  test("two modules with one prefix are refused, both named with their places", async () => {
    expect(await problemsOf(app("tickets"), app("orders", undefined, at("/tickets")))).toEqual([
      {
        code: "HTTP_PREFIX_TAKEN",
        message: 'the modules "tickets" and "orders" both serve the prefix /tickets',
        at: [
          { file: "/app/tickets/module.yaml#name", line: 1 },
          { file: "/app/orders/module.yaml#http/prefix", line: 1 },
        ],
      },
    ]);
  });

  test("all clashes are reported together", async () => {
    const codes = await problemsOf(
      app("a", undefined, at("/x")),
      app("b", undefined, at("/x")),
      app("c", undefined, at("/x")),
      app("readyz"),
      app("d", undefined, at("/livez/deep")),
    );
    expect(codes.map(({ message }) => message)).toEqual([
      'the modules "a" and "b" both serve the prefix /x',
      'the modules "a" and "c" both serve the prefix /x',
      'module "readyz" serves the prefix /readyz, but /readyz belongs to the platform',
      'module "d" serves the prefix /livez/deep, but /livez belongs to the platform',
    ]);
  });

  test("a prefix under another's is no clash, nor is one that only begins like it", async () => {
    expect(
      await problemsOf(
        app("api"),
        app("tickets", undefined, at("/api/tickets")),
        app("apis"),
        app("web", undefined, at("/")),
      ),
    ).toEqual([]);
  });
});
