/** Who may call a route: exactly one of the three. */
export type Access =
  /** A signed-in principal that has the permission with this full code. */
  | { readonly permission: string; readonly authenticated?: never; readonly public?: never }
  /** Any signed-in principal. */
  | { readonly authenticated: true; readonly permission?: never; readonly public?: never }
  /** Everybody; nobody is signed in. */
  | { readonly public: true; readonly permission?: never; readonly authenticated?: never };

/** The access that options state; `undefined` where they state none, or more than one. */
export function accessOf(options: unknown): Access | undefined {
  const { permission, authenticated, public: open } = (options ?? {}) as Readonly<Record<string, unknown>>;
  const stated = [permission, authenticated, open].filter((part) => part !== undefined);
  if (stated.length !== 1) return undefined;
  if (typeof permission === "string" && permission !== "") return { permission };
  if (authenticated === true) return { authenticated };
  return open === true ? { public: open } : undefined;
}
