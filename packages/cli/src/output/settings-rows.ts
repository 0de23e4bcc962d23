import { describeOrigin, type Origin, type SettingEntry } from "@plinth/platform";
import type { Paint } from "./paint.ts";
import { placeFrom } from "./place.ts";

/** Rows of a table of settings: name, value and where it came from, with places as seen from `cwd`. */
export function settingsRows(settings: readonly SettingEntry[], cwd: string, paint: Paint): string[][] {
  return settings.map(({ setting, value, origin }) => [
    setting,
    valueText(value),
    origin.kind === "default" ? paint.dim(originText(origin, cwd)) : originText(origin, cwd),
  ]);
}

function valueText(value: unknown): string {
  return JSON.stringify(value) ?? "";
}

function originText(origin: Origin, cwd: string): string {
  return origin.kind === "file" ? placeFrom(cwd, origin.at) : describeOrigin(origin).replace(/^the /, "");
}
