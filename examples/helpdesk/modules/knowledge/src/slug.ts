const longest = 80;
/** Paths beside the articles. */
const reserved = new Set(["drafts"]);

/**
 * A title as a part of an address: `Réinitialiser, step 1` gives `reinitialiser-step-1`. Not unique; a
 * title without a letter or digit of ours gives `article`.
 */
export function slugOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const slug = (words ?? ["article"]).join("-").slice(0, longest).replace(/-$/, "");
  return reserved.has(slug) ? `${slug}-article` : slug;
}
