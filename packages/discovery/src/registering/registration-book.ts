import type { Registration, RegistrationSpec } from "../port/registration.ts";
import { abortedError } from "../port/registry-error.ts";
import { type CheckedRegistration, checkRegistration } from "./checked-registration.ts";
import type { RegistrationKeeper } from "./registration-keeper.ts";

/**
 * The writing half of a registry: what this process has registered. Disposing of it deregisters
 * everything, side by side, and rejects with the errors of what could not be taken out.
 */
export interface RegistrationBook extends AsyncDisposable {
  register(spec: RegistrationSpec, options?: { readonly signal?: AbortSignal }): Promise<Registration>;
  /** Those that have not ended. */
  readonly registrations: readonly RegistrationKeeper[];
  /** What is amiss with the registrations, a sentence each; empty when nothing is. */
  complaints(): readonly string[];
}

/**
 * Makes a book.
 *
 * @param keep Makes the keeper of a new registration; must call `onEnd` when that has ended.
 */
export function createRegistrationBook(
  keep: (checked: CheckedRegistration, onEnd: () => void) => RegistrationKeeper,
): RegistrationBook {
  const entries = new Map<string, { readonly keeper: RegistrationKeeper; readonly begun: Promise<void> }>();
  const closing = new AbortController();

  async function register(spec: RegistrationSpec, signal: AbortSignal | undefined): Promise<Registration> {
    const checked = checkRegistration(spec);
    const action = `register "${checked.id}"`;
    if (closing.signal.aborted) throw abortedError(action, closing.signal);
    if (signal?.aborted) throw abortedError(action, signal);
    const key = `${checked.service}/${checked.id}`;
    for (let standing = entries.get(key); standing !== undefined; standing = entries.get(key)) {
      await standing.begun.catch(() => {});
      if (standing.keeper.leaving) await standing.keeper.ended;
      else {
        await standing.keeper.replace(checked);
        return standing.keeper;
      }
    }
    if (closing.signal.aborted) throw abortedError(action, closing.signal);
    const keeper = keep(checked, () => entries.delete(key));
    const begun = keeper.begin(signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]));
    entries.set(key, { keeper, begun });
    await begun;
    return keeper;
  }

  return {
    register: (spec, { signal } = {}) => register(spec, signal),
    get registrations() {
      return [...entries.values()].map(({ keeper }) => keeper);
    },
    complaints: () =>
      [...entries.values()].flatMap(({ keeper }) =>
        keeper.state === "degraded"
          ? [`"${keeper.spec.id}" of service "${keeper.spec.service}" is not registered: ${keeper.lastError?.message}`]
          : [],
      ),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error("the registry was closed"));
      const ends = await Promise.allSettled([...entries.values()].map(({ keeper }) => keeper.deregister()));
      const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
      if (errors.length === 1) throw errors[0];
      if (errors.length > 1) throw new AggregateError(errors, "some instances could not be deregistered");
    },
  };
}
