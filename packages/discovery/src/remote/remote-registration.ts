import type { Registration, RegistrationChange, RegistrationState } from "../port/registration.ts";
import type { RegistryError } from "../port/registry-error.ts";
import { errorFrom, type WireRegistration } from "./wire-registry.ts";

type Ask = <T>(action: string, method: string, args: unknown[]) => Promise<T>;

/** A registration that the host keeps for this process. */
export class RemoteRegistration implements Registration {
  readonly #ask: Ask;
  #standing: WireRegistration;

  constructor(standing: WireRegistration, ask: Ask) {
    this.#standing = standing;
    this.#ask = ask;
  }

  get id(): string {
    return this.#standing.id;
  }

  get state(): RegistrationState {
    return this.#standing.state;
  }

  get lastError(): RegistryError | undefined {
    const { lastError } = this.#standing;
    return lastError === undefined ? undefined : errorFrom(lastError);
  }

  /** Takes in where it stands now. */
  take(standing: WireRegistration): void {
    if (this.state !== "deregistered") this.#standing = standing;
  }

  update(change: RegistrationChange): Promise<void> {
    return this.#do("update", change);
  }

  drain({ graceMs }: { readonly graceMs?: number } = {}): Promise<void> {
    return this.#do("drain", graceMs);
  }

  async deregister(): Promise<void> {
    try {
      await this.#do("deregister");
    } finally {
      this.#standing = { ...this.#standing, state: "deregistered", lastError: undefined };
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.deregister();
  }

  async #do(method: "update" | "drain" | "deregister", argument?: unknown): Promise<void> {
    const { number, id } = this.#standing;
    this.take(await this.#ask<WireRegistration>(`${method} "${id}"`, method, [number, argument]));
  }
}
