export { type LinkPair, linkPair } from "./link-pair.ts";
export { overLinks } from "./over-links.ts";
