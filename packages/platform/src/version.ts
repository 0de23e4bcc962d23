/** The host's API version, which `platform:` in a manifest is held against. */
export const hostVersion = "1.0.0";
