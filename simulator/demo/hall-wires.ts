/** The hall's cables, each a real wire that can be pulled out, and the switches that people think in. */
import { PjqError } from '../../protocol/index.js';
import { FaultyLink } from '../network/faulty-link.js';
import type { DemoPorts } from './demo-ports.js';

export const HALL_PARTS = ['gateway-network', 'centre-network'] as const;
export const COUNTER_PARTS = ['terminal-network', 'board', 'printer'] as const;
export type SwitchPart = (typeof HALL_PARTS)[number] | (typeof COUNTER_PARTS)[number];
export type SwitchState = 'on' | 'cut';

/** The near ends: where a program connects to reach what is behind the wire. */
export interface WirePorts {
  /** Business system and counter PCs → gateway. */
  readonly gateway: number;
  readonly centre: number;
  readonly counters: readonly { readonly mqtt: number; readonly board: number; readonly printer: number }[];
}

export interface SwitchStates {
  readonly gatewayNetwork: SwitchState;
  readonly centreNetwork: SwitchState;
  readonly counters: readonly {
    readonly network: SwitchState;
    readonly board: SwitchState;
    readonly printer: SwitchState;
  }[];
}

interface CounterWires {
  readonly mqtt: FaultyLink;
  readonly board: FaultyLink;
  readonly printer: FaultyLink;
}

export class HallWires {
  readonly #gateway: FaultyLink;
  readonly #centre: FaultyLink;
  readonly #counters: readonly CounterWires[];
  /** Switches that are off, as `part` or `part n`. */
  readonly #cut = new Set<string>();

  constructor(ports: DemoPorts, terminals: number) {
    const to = (targetPort: number) => new FaultyLink({ targetPort });
    this.#gateway = to(ports.gateway);
    this.#centre = to(ports.centre);
    this.#counters = Array.from({ length: terminals }, (_, index) => ({
      mqtt: to(ports.mqtt),
      board: to(ports.boards + index),
      printer: to(ports.printers + index),
    }));
  }

  async start(): Promise<WirePorts> {
    const portOf = async (link: FaultyLink) => (await link.start()).port;
    return {
      gateway: await portOf(this.#gateway),
      centre: await portOf(this.#centre),
      counters: await Promise.all(
        this.#counters.map(async ({ mqtt, board, printer }) => ({
          mqtt: await portOf(mqtt),
          board: await portOf(board),
          printer: await portOf(printer),
        })),
      ),
    };
  }

  async stop(): Promise<void> {
    const counters = this.#counters.flatMap(({ mqtt, board, printer }) => [mqtt, board, printer]);
    await Promise.all([this.#gateway, this.#centre, ...counters].map((link) => link.stop()));
  }

  /**
   * Pulls a cable out or puts it back; again is as once.
   * @param terminal from 1, for what belongs to a counter.
   * @throws PjqError `terminal-unknown`, `request-malformed` when the part needs a counter, or has none.
   */
  set(part: SwitchPart, terminal: number | undefined, state: SwitchState): void {
    const ofCounter = (COUNTER_PARTS as readonly string[]).includes(part);
    if (ofCounter !== (terminal !== undefined))
      throw new PjqError('request-malformed', `terminal: ${ofCounter ? 'is needed' : 'must not be given'} for ${part}`);
    if (terminal !== undefined && this.#counters[terminal - 1] === undefined)
      throw new PjqError('terminal-unknown', `The demo has 1 to ${this.#counters.length}.`);
    const name = nameOf(part, terminal);
    if (state === 'cut') this.#cut.add(name);
    else this.#cut.delete(name);
    this.#apply();
  }

  states(): SwitchStates {
    return {
      gatewayNetwork: this.#state('gateway-network'),
      centreNetwork: this.#state('centre-network'),
      counters: this.#counters.map((_, index) => ({
        network: this.#state('terminal-network', index + 1),
        board: this.#state('board', index + 1),
        printer: this.#state('printer', index + 1),
      })),
    };
  }

  /** A cable is whole only when every switch along it is on: the gateway's network is part of each way to it. */
  #apply(): void {
    const cut = (part: SwitchPart, terminal?: number) => this.#state(part, terminal) === 'cut';
    const gateway = cut('gateway-network');
    plug(this.#gateway, gateway);
    plug(this.#centre, gateway || cut('centre-network'));
    for (const [index, wires] of this.#counters.entries()) {
      plug(wires.mqtt, gateway || cut('terminal-network', index + 1));
      plug(wires.board, cut('board', index + 1));
      plug(wires.printer, cut('printer', index + 1));
    }
  }

  #state(part: SwitchPart, terminal?: number): SwitchState {
    return this.#cut.has(nameOf(part, terminal)) ? 'cut' : 'on';
  }
}

function nameOf(part: SwitchPart, terminal: number | undefined): string {
  return terminal === undefined ? part : `${part} ${terminal}`;
}

function plug(link: FaultyLink, cut: boolean): void {
  if (link.conditions.cut !== cut) link.change({ cut });
}
