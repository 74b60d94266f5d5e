/** Looks at every part of the hall, as often as somebody wants to see it, and tells what has changed. */
import type { CentreDoor } from './centre-door.js';
import { CounterWatch } from './counter-watch.js';
import type { DemoHall } from './demo-hall.js';
import type { DemoHallFacts } from './hall-facts.js';
import { GatewayWatch } from './gateway-watch.js';
import type { HallScreens } from './hall-screens.js';
import type { HallView } from './hall-view.js';
import type { HallWires } from './hall-wires.js';

export interface HallWatchParts {
  readonly hall: DemoHall;
  readonly wires: HallWires;
  readonly screens: HallScreens;
  readonly centre: CentreDoor;
  readonly facts: DemoHallFacts;
}

/** `text`: the view as JSON, made once for all who listen. */
export type HallListener = (text: string) => void;

/** Often enough that a lamp seems to light at once; between two looks the processors are the hall's. */
const LOOK_MS = 300;

export class HallWatch {
  readonly #parts: HallWatchParts;
  readonly #listeners = new Set<HallListener>();
  readonly #counters: readonly CounterWatch[];
  readonly #gateway: GatewayWatch;
  #timer: NodeJS.Timeout | undefined;
  #last: string | undefined;
  #looking = false;

  constructor(parts: HallWatchParts) {
    this.#parts = parts;
    this.#counters = parts.hall.counters.map((counter) => new CounterWatch(counter));
    this.#gateway = new GatewayWatch(parts.hall.gateway);
  }

  /** Whether somebody has the page open. */
  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /** Something was done: what is looked at more rarely is looked at next time. */
  stir(): void {
    this.#gateway.stir();
    for (const counter of this.#counters) counter.stir();
  }

  /** Tells the present view soon, then each that differs. @returns how to stop hearing. */
  subscribe(listener: HallListener): () => void {
    this.#listeners.add(listener);
    if (this.#last !== undefined) listener(this.#last);
    if (!this.#looking) void this.#look();
    return () => void this.#listeners.delete(listener);
  }

  /** As it is at this moment. */
  async view(): Promise<HallView> {
    this.stir();
    return this.#view();
  }

  async #view(): Promise<HallView> {
    const { hall, wires, screens, centre, facts } = this.#parts;
    const states = wires.states();
    const [starting, ledger, ...counters] = await Promise.all([
      hall.wasReady ? [] : hall.missing(),
      centre.ledger(),
      ...this.#counters.map((counter, index) => {
        const plugs = states.counters[index] ?? { network: 'on', board: 'on', printer: 'on' };
        return counter.view({ ...plugs, screen: screens.state(counter.number) });
      }),
    ]);
    const recent = this.#counters.flatMap(({ number, recent }) =>
      recent.map((service) => ({ ...service, window: String(number) })),
    );
    const gateway = await this.#gateway.view(recent, ledger, whatMovesTheGateway(counters, ledger?.length));
    return {
      v: 1,
      hall: facts.hall,
      timeZone: facts.timeZone,
      starting,
      counters,
      gateway: {
        answers: gateway.connected !== null,
        network: states.gatewayNetwork,
        connected: gateway.connected,
        waiting: gateway.waiting,
      },
      centre: { answers: ledger !== undefined, network: states.centreNetwork, total: ledger?.length ?? null },
      processes: hall.allProcesses(),
      journeys: gateway.journeys,
      matters: facts.matters,
      staff: facts.staff,
    };
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      const text = JSON.stringify(await this.#view());
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
}

/** Another text means that the gateway may have learned something. */
function whatMovesTheGateway(counters: HallView['counters'], total: number | undefined): string {
  return JSON.stringify([
    counters.map(({ session, backlog, parts }) => [session?.state, backlog, parts?.network]),
    total,
  ]);
}
