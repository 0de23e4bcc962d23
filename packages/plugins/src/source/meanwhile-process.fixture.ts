import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createManifestSchema } from "@plinth/kernel";
import { noRights } from "@plinth/module";
import { examinePlugin } from "../examine/examine-plugin.ts";
import { installPlugin } from "../install/install-plugin.ts";

/*
 * A process that changes plugins while somebody else looks. It says "begun", and ends after some rounds.
 *
 *   swap <root> <rounds>                   puts other content in place of a file, and the right one back
 *   exchange <root> <rounds> <files...>    installs two versions in turn, each as JSON of its files
 */

const [task, root = "", rounds = "0", ...versions] = process.argv.slice(2);
process.stdout.write("begun\n");
if (task === "swap") await swap(path.join(root, "plugins/sla@1.0.0/index.js"));
else await exchange();

async function swap(file: string): Promise<void> {
  const draft = path.join(root, "draft.js");
  const good = 'export const version = "1.0.0";\n';
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const text of ["evil\n", good]) {
      writeFileSync(draft, text);
      renameSync(draft, file);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

async function exchange(): Promise<void> {
  for (let round = 0; round < Number(rounds); round += 1) {
    const files = Object.entries(JSON.parse(versions[round % versions.length] ?? "{}") as Record<string, string>);
    const fetched = {
      files: files.map(([name, text]) => ({ path: name, bytes: Buffer.from(text) })),
      origin: { kind: "folder", given: "../sla" },
      place: "/sla",
    } as const;
    const policy = { trustedKeys: [], signatures: "optional" } as const;
    const examined = examinePlugin(fetched, createManifestSchema(), root, policy);
    await installPlugin(examined, { root, folder: "plugins", rights: noRights, force: true });
  }
}
