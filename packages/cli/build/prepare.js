// Runs after an install in the repository. Without a bundle platformctl runs from its sources, so that it is no error when
// there is nothing to make one with: with an older Node.js, or where only what is needed for running was installed.
try {
  await import("./bundle.ts");
} catch (error) {
  console.warn(`platformctl runs from its sources, as it could not be bundled: ${error.message.split("\n")[0]}`);
}
