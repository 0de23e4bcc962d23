/** Whether `path` is `prefix` or lies under it, by whole segments: `/tickets/1` under `/tickets`, `/ticketshop` not. */
export function isUnder(path: string, prefix: string): boolean {
  return prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);
}

/** The path of a route whose path inside its module is `path`; `/` is the prefix itself. */
export function joinPath(prefix: string, path: string): string {
  if (prefix === "/") return path;
  return path === "/" ? prefix : prefix + path;
}

/** The path of a request's target, without its query: of `/a/b?c` and of `http://host/a/b`. */
export function pathOf(target: string): string {
  const start = target.charCodeAt(0) === slash ? 0 : pathStart(target);
  const query = target.indexOf("?", start);
  return query === -1 ? target.slice(start) : target.slice(start, query);
}

const slash = 47;

/** Where the path begins in a target that names the host too; 0 for another form. */
function pathStart(target: string): number {
  const authority = target.indexOf("://");
  return authority === -1 ? 0 : Math.max(0, target.indexOf("/", authority + 3));
}
