export { isolationExtension } from "./extension.ts";
export { isolatedCode } from "./isolated-code.ts";
export { defaultIsolationLimits, type IsolationLimits } from "./limits.ts";
export type { IsolationOptions } from "./options.ts";
export { checkPlaces, type ImposedPlaces, type Placeable, placeOf } from "./placement.ts";
export { canDenyNetwork, missingRights } from "./rights.ts";
export { type IsolationMode, type IsolationSection, isolationSection } from "./section.ts";
