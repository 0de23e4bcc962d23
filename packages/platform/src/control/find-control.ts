import { readFileSync } from "node:fs";
import { controlPlaces, pointerFile, realRoot } from "./control-places.ts";

/** The addresses at which the platform in `root` may be listening for `platformctl`, the likeliest first. */
export function controlAddresses(root: string): readonly string[] {
  const real = realRoot(root);
  const [first, ...others] = controlPlaces(real).map(({ address }) => address);
  const named = addressIn(pointerFile(real));
  return [...new Set([first, named, ...others].flatMap((address) => address ?? []))];
}

function addressIn(pointer: string): string | undefined {
  try {
    return readFileSync(pointer, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}
