/** The hidden command by which `dev` runs the platform in a process of its own. */
export const devPlatformCommand = "dev-platform-here";
