/**
 * An address without its password, for messages: `postgres://app:***@db:5432/main`. Parameters are
 * left out, because they may hold secrets too. What is no address becomes `***`.
 */
export function maskedUrl(url: string): string {
  if (!URL.canParse(url)) return "***";
  const parsed = new URL(url);
  if (parsed.password !== "") parsed.password = "***";
  parsed.search = "";
  parsed.hash = "";
  return parsed.href;
}

/** A text in which the address's password, however it is written, is replaced by `***`. */
export function withoutPassword(text: string, url: string): string {
  if (!URL.canParse(url)) return text;
  const parsed = new URL(url);
  const secrets = [parsed.password, decoded(parsed.password), parsed.searchParams.get("password") ?? ""];
  return secrets.filter((secret) => secret !== "").reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
