import { generate } from "@plinth/codegen";
import { PlatformErrors } from "@plinth/module";

/**
 * Brings the generated sources of a platform up to date; with `check` only finds out whether that can be done.
 *
 * @param root the platform's folder, absolute.
 * @returns the files that were written, absolute.
 * @throws PlatformErrors with what is wrong with the manifests; nothing has been written then.
 */
export function regenerate(root: string, { check = false }: { readonly check?: boolean } = {}): string[] {
  const { files, problems } = generate({ folder: root, kind: "platform" }, { check });
  if (problems.length > 0) throw new PlatformErrors([...problems]);
  return files.flatMap(({ file, status }) => (status === "written" ? [file] : []));
}
