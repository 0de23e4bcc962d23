/**
 * The version of the shapes that `--json` prints. New keys leave it as it is; it goes up when a key goes away, is
 * renamed, or means something else.
 */
export const jsonVersion = 1;
