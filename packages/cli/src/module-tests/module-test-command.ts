/** The hidden command that tests a module in its own process. */
export const moduleTestCommand = "test-module-here";
