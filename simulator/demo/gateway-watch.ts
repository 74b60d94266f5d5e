/** What the gateway says of the hall, asked when something has moved, and now and then when nothing has. */
import type { LedgerRow } from './centre-door.js';
import type { GatewayDoor } from './gateway-door.js';
import type { JourneyRow } from './hall-view.js';
import type { TerminalDesk } from './terminal-door.js';

/** A service that is over, as its terminal tells it. */
export type RecentService = TerminalDesk['recent'][number] & { readonly window: string };

export interface GatewayLook {
  /** Terminals that it says are connected; null while it does not answer. */
  readonly connected: number | null;
  /** Ratings that the centre does not have yet; null while it does not answer. */
  readonly waiting: number | null;
}

/** While nothing moves. */
const CALM_MS = 1_000;
const MOST_JOURNEYS = 12;

export class GatewayWatch {
  readonly #gateway: GatewayDoor;
  /** Services that it has closed: it need not be asked of them again. */
  readonly #settled = new Set<string>();
  #look: GatewayLook = { connected: null, waiting: null };
  #moved: string | undefined;
  #dueMs = 0;

  constructor(gateway: GatewayDoor) {
    this.#gateway = gateway;
  }

  /** It is asked at the next view. */
  stir(): void {
    this.#dueMs = 0;
  }

  /** @param moved what it may have learned from: another text, and it is asked at once. */
  async view(
    recent: readonly RecentService[],
    ledger: readonly LedgerRow[] | undefined,
    moved: string,
  ): Promise<GatewayLook & { readonly journeys: JourneyRow[] }> {
    const atCentre = new Set((ledger ?? []).map(({ serviceId }) => serviceId));
    const newest = [...recent].sort((a, b) => b.at - a.at).slice(0, MOST_JOURNEYS);
    if (moved !== this.#moved || performance.now() >= this.#dueMs) {
      this.#moved = moved;
      this.#dueMs = performance.now() + CALM_MS;
      await this.#ask(newest.filter(({ serviceId }) => !this.#settled.has(serviceId) && !atCentre.has(serviceId)));
    }
    return {
      ...this.#look,
      journeys: newest.map(({ serviceId, caseNo, window, matter, at, outcome }) => ({
        serviceId,
        caseNo,
        window,
        matter,
        at,
        outcome,
        atGateway: this.#settled.has(serviceId) || atCentre.has(serviceId),
        atCentre: atCentre.has(serviceId),
      })),
    };
  }

  async #ask(open: readonly RecentService[]): Promise<void> {
    const [windows, waiting] = await Promise.all([
      this.#gateway.windows(),
      this.#gateway.waiting(),
      ...open.map(async ({ serviceId }) => {
        if ((await this.#gateway.service(serviceId))?.state === 'closed') this.#settled.add(serviceId);
      }),
    ]);
    this.#look = {
      connected: windows?.filter(({ connection }) => connection === 'connected').length ?? null,
      waiting: waiting ?? null,
    };
  }
}
