import { hostname } from "node:os";
import { type AnnouncedPlace, pause, type RegistrationSpec, type ServiceRegistry } from "@plinth/discovery";
import type { HttpDirectory } from "@plinth/http";
import { type Clock, type Logger, type ModuleFacts, type PlatformHost, platformError } from "@plinth/module";
import { announcedState } from "./announced-state.ts";
import { Announcement } from "./announcement.ts";
import { type EndpointSources, endpointSpec, placeKey } from "./endpoints.ts";
import { endpointName, type ServicesSection } from "./section.ts";
import { type DiscoverySettings, drainGraceMs, milliseconds } from "./settings.ts";

type Facts = ModuleFacts<ServicesSection>;

/** What an announcer works with. */
export interface AnnouncerOptions {
  readonly settings: DiscoverySettings;
  readonly registry: ServiceRegistry;
  readonly platform: PlatformHost;
  readonly http: HttpDirectory;
  readonly clock: Clock;
  readonly log: Logger;
  /** The modules that a module cannot do without. */
  readonly needed: (module: string) => ReadonlySet<string>;
}

/**
 * Announces what the modules of a platform serve. A module's services are noted when it has started, and announced
 * once the platform takes traffic: not before `/readyz` says so too. From then on their state follows the modules'
 * health, until they are withdrawn.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #modules = new Map<string, { readonly facts: Facts; readonly announcements: readonly Announcement[] }>();
  readonly #places = new Map<string, Map<string, AnnouncedPlace>>();
  readonly #closing = new AbortController();
  #open = false;
  #complained = "";

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /**
   * Notes what a module that has just started serves.
   *
   * @throws PlatformError `DISCOVERY_NO_ENDPOINT` when nobody said where.
   */
  add(facts: Facts): void {
    if (facts.section === undefined || facts.section.length === 0) return;
    const services = Map.groupBy(facts.section, ({ name }) => name);
    const announcements = [...services].map(
      ([service, entries]) =>
        new Announcement({ ...this.#options, module: facts.name, spec: this.#specOf(service, entries, facts) }),
    );
    this.#modules.set(facts.name, { facts, announcements });
  }

  /** A module runs: what it serves is announced at once when the platform takes traffic already. */
  moduleRuns(module: string): void {
    if (this.#open && this.#modules.has(module)) void this.#tellHealth();
  }

  /** Takes the place of an endpoint that a module knows at run time only. */
  place(module: string, section: ServicesSection, service: string, place: AnnouncedPlace): void {
    const entries = section.filter(({ name }) => name === service);
    const entry = entries.find((one) => place.endpoint === undefined || endpointName(one) === place.endpoint);
    if (entry === undefined) {
      throw platformError("DISCOVERY_UNANNOUNCED", { module, service, endpoint: place.endpoint ?? "http" });
    }
    const places = this.#places.get(module) ?? new Map<string, AnnouncedPlace>();
    this.#places.set(module, places.set(placeKey(service, endpointName(entry)), place));
    const announcement = this.#modules.get(module)?.announcements.find((one) => one.service === service);
    announcement?.change({ endpoints: entries.map((one) => endpointSpec(one, this.#sourcesOf(module))) });
  }

  /** The platform takes traffic: announces what has been noted, and all that will be. */
  open(): void {
    if (this.#open || this.#closing.signal.aborted) return;
    this.#open = true;
    void this.#keepTelling();
  }

  /** Withdraws the services of one module. Never rejects. */
  async withdraw(module: string, signal?: AbortSignal): Promise<void> {
    const announcements = this.#modules.get(module)?.announcements ?? [];
    this.#modules.delete(module);
    this.#places.delete(module);
    await withdrawAll(announcements, drainGraceMs(this.#options.settings), signal);
  }

  /** Withdraws everything, and announces nothing more. Never rejects. */
  async close(signal?: AbortSignal): Promise<void> {
    this.#closing.abort();
    const announcements = [...this.#modules.values()].flatMap((one) => one.announcements);
    await withdrawAll(announcements, drainGraceMs(this.#options.settings), signal);
  }

  /** What is amiss with announcements; empty when nothing is. */
  complaints(): readonly string[] {
    return [...this.#modules.values()].flatMap(({ announcements }) =>
      announcements.flatMap(({ complaint }) => complaint ?? []),
    );
  }

  #specOf(service: string, entries: ServicesSection, { name, version }: Facts): RegistrationSpec {
    const { settings, http } = this.#options;
    const { instance, region, zone, weight } = settings;
    const prefix = http.prefixOf(name);
    const locality = { ...(region === undefined ? {} : { region }), ...(zone === undefined ? {} : { zone }) };
    return {
      service,
      id: instance ?? defaultInstance(http.address()?.port),
      version,
      endpoints: entries.map((entry) => endpointSpec(entry, this.#sourcesOf(name))),
      weight,
      metadata: { module: name, ...(prefix === undefined ? {} : { prefix }) },
      ...(Object.keys(locality).length === 0 ? {} : { locality }),
    };
  }

  #sourcesOf(module: string): EndpointSources {
    const { http, settings } = this.#options;
    return { module, http, advertise: settings.advertise, places: this.#places.get(module) ?? new Map() };
  }

  async #keepTelling(): Promise<void> {
    const { clock, settings } = this.#options;
    // However short the settings say, the modules get to do something else in between.
    const everyMs = Math.max(milliseconds(settings.healthInterval), 10);
    do {
      this.#tellRegistry();
      await this.#tellHealth();
    } while (await pause(clock, everyMs, this.#closing.signal));
  }

  /** Tells the registry how the modules are, and of those that it does not know yet. */
  async #tellHealth(): Promise<void> {
    if (this.#modules.size === 0) return;
    const { platform, needed } = this.#options;
    const { signal } = this.#closing;
    const health = await platform.health(signal);
    if (signal.aborted) return;
    for (const [module, { announcements }] of this.#modules) {
      const state = announcedState(module, needed(module), health);
      for (const announcement of announcements) {
        announcement.change({ state });
        announcement.begin();
      }
    }
  }

  /** Writes to the log when the registry begins and ceases to be amiss. */
  #tellRegistry(): void {
    const { registry, log } = this.#options;
    const { messages } = registry.health();
    const complaint = messages.join("; ");
    if (complaint === this.#complained) return;
    if (complaint === "") log.info("the registry is well again");
    else if (this.#complained === "")
      log.warn(`the registry is not well, and nothing has to be done for now: ${complaint}`);
    this.#complained = complaint;
  }
}

async function withdrawAll(
  announcements: readonly Announcement[],
  graceMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  await Promise.all(announcements.map((announcement) => announcement.withdraw(graceMs, signal)));
}

/** What tells this process from all others of the machine: the port that it alone can listen on. */
function defaultInstance(port: number | undefined): string {
  const machine = hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, "-")
    .slice(0, 100);
  return `${machine === "" ? "local" : machine}-${port ?? process.pid}`;
}
