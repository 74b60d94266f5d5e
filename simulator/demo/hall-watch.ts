/** Looks at every part of the hall, as often as somebody wants to see it, and tells what has changed. */
import type { CentreDoor, LedgerRow } from './centre-door.js';
import type { Counter, DemoHall } from './demo-hall.js';
import type { GatewayDoor } from './gateway-door.js';
import type { DemoHallFacts } from './hall-facts.js';
import type { CounterView, HallView, JourneyRow } from './hall-view.js';
import type { HallWires, SwitchStates } from './hall-wires.js';
import type { TerminalDesk } from './terminal-door.js';

export interface HallWatchParts {
  readonly hall: DemoHall;
  readonly wires: HallWires;
  readonly centre: CentreDoor;
  readonly facts: DemoHallFacts;
}

/** `text`: the view as JSON, made once for all who listen. */
export type HallListener = (text: string) => void;

/** Often enough that a lamp seems to light at once; between two looks the processors are the hall's. */
const LOOK_MS = 300;
const MOST_JOURNEYS = 12;

export class HallWatch {
  readonly #parts: HallWatchParts;
  readonly #listeners = new Set<HallListener>();
  /** What a terminal said of its services last: it may be down when somebody looks. */
  readonly #recent = new Map<number, TerminalDesk['recent']>();
  /** Services that the gateway has closed: it need not be asked of them again. */
  readonly #settled = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #last: string | undefined;
  #looking = false;
  #wasReady = false;

  constructor(parts: HallWatchParts) {
    this.#parts = parts;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /** Tells the present view soon, then each that differs. @returns how to stop hearing. */
  subscribe(listener: HallListener): () => void {
    this.#listeners.add(listener);
    if (this.#last !== undefined) listener(this.#last);
    if (!this.#looking) void this.#look();
    return () => void this.#listeners.delete(listener);
  }

  async view(): Promise<HallView> {
    const { hall, wires, centre, facts } = this.#parts;
    const states = wires.states();
    const [starting, counters, windows, waiting, ledger] = await Promise.all([
      this.#wasReady ? [] : hall.missing(),
      Promise.all(hall.counters.map((counter, index) => this.#counter(counter, states.counters[index]))),
      hall.gateway.windows(),
      hall.gateway.waiting(),
      centre.ledger(),
    ]);
    this.#wasReady ||= starting.length === 0;
    return {
      v: 1,
      hall: facts.hall,
      starting,
      counters,
      gateway: {
        answers: windows !== undefined,
        network: states.gatewayNetwork,
        connected: windows?.filter(({ connection }) => connection === 'connected').length ?? null,
        waiting: waiting ?? null,
      },
      centre: { answers: ledger !== undefined, network: states.centreNetwork, total: ledger?.length ?? null },
      processes: hall.allProcesses(),
      journeys: await this.#journeys(hall.gateway, ledger),
      matters: facts.matters,
    };
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      const text = JSON.stringify(await this.view());
      if (text !== this.#last) {
        this.#last = text;
        for (const listener of this.#listeners) listener(text);
      }
    } finally {
      this.#looking = false;
    }
    clearTimeout(this.#timer);
    if (this.#listeners.size > 0) this.#timer = setTimeout(() => void this.#look(), LOOK_MS);
    else this.#last = undefined;
  }

  async #counter(
    { place, door, printer, lamps }: Counter,
    switches: SwitchStates['counters'][number] = { network: 'on', board: 'on', printer: 'on' },
  ): Promise<CounterView> {
    const pagesId = door.pagesId();
    const [session, desk, lit, slip] = await Promise.all([door.session(), door.desk(), lamps(), printer.newestSlip()]);
    if (desk !== undefined) this.#recent.set(place.number, desk.recent);
    const { staff = null, parts = null, paper = null, backlog = null } = desk ?? {};
    return {
      number: place.number,
      terminal: place.terminal,
      staff: staff === null ? null : { staffNo: staff.staffNo, name: staff.name, post: staff.post },
      answers: session !== undefined,
      pagesId: session === undefined ? null : (pagesId ?? null),
      session:
        session === undefined
          ? null
          : { state: session.state, caseNo: session.caseNo ?? null, matter: session.matter ?? null },
      parts: parts === null ? null : { board: parts.board, network: parts.network, printer: parts.printer },
      lamps: lit ?? null,
      paper,
      slip: slip ?? null,
      backlog,
      switches,
    };
  }

  async #journeys(gateway: GatewayDoor, ledger: readonly LedgerRow[] | undefined): Promise<JourneyRow[]> {
    const atCentre = new Set((ledger ?? []).map(({ serviceId }) => serviceId));
    const newest = [...this.#recent]
      .flatMap(([number, recent]) => recent.map((service) => ({ ...service, window: String(number) })))
      .sort((a, b) => b.at - a.at)
      .slice(0, MOST_JOURNEYS);
    await Promise.all(
      newest
        .filter(({ serviceId }) => !this.#settled.has(serviceId))
        .map(async ({ serviceId }) => {
          if ((await gateway.service(serviceId))?.state === 'closed') this.#settled.add(serviceId);
        }),
    );
    return newest.map(({ serviceId, caseNo, window, matter, at, outcome }) => ({
      serviceId,
      caseNo,
      window,
      matter,
      at,
      outcome,
      atGateway: this.#settled.has(serviceId) || atCentre.has(serviceId),
      atCentre: atCentre.has(serviceId),
    }));
  }
}
