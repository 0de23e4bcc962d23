import { build } from "esbuild";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { testFolder } from "../folder.fixture.ts";
import { moduleSource } from "./module-source.ts";

const source = moduleSource({
  name: "tickets",
  version: "1.0.0",
  description: "Support tickets.",
  platform: undefined,
  dependencies: [],
  main: undefined,
  critical: true,
  timeouts: { start: undefined, stop: undefined },
  sections: {
    permissions: { "ticket.read": { description: "See tickets" }, "ticket.close": { description: "Close a ticket" } },
  },
  file: undefined,
});

const bundlers = {
  async esbuild(entry: string): Promise<string> {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "esm",
      minify: true,
    });
    return outputFiles[0]?.text.trim() ?? "";
  },
  async rolldown(entry: string): Promise<string> {
    const bundle = await rolldown({ input: entry });
    const { output } = await bundle.generate({ minify: true });
    return output[0].code.trim();
  },
};

test.each(Object.entries(bundlers))(
  "with %s unused constants vanish, and so does an unused manifest",
  async (_, bundle) => {
    const folder = testFolder();
    folder.write("module.gen.ts", source);
    const bundled = (code: string) => bundle(folder.write("entry.ts", code));

    const codes = await bundled('import { Permission } from "./module.gen.ts";\nconsole.log(Permission.TicketRead);');
    expect(codes).toContain("tickets.ticket.read");
    expect(codes).not.toContain("Support tickets");

    const manifest = await bundled('import { manifest } from "./module.gen.ts";\nconsole.log(manifest.name);');
    expect(manifest).not.toContain("TicketRead");

    const neither =
      'import { type Settings, type Permission } from "./module.gen.ts";\nexport const x: Settings & Permission = 1;';
    expect(await bundled(neither)).not.toContain("ticket");
  },
);
