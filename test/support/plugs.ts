/** What a hand can pull at a counter: real wires between the terminal's program and its board, printer and broker. */
import { Mechanism } from '../../simulator/printer/mechanism.js';
import { slipText } from '../../simulator/printer/slip-text.js';
import { VirtualPrinter } from '../../simulator/printer/virtual-printer.js';
import { FaultyLink } from '../../simulator/network/faulty-link.js';

const PAPER_DOTS = 384;
const SLIP_MS = 10;
const LINES_LEFT = 6;

/** One slip as it lies on the floor under the printer. */
export interface FallenSlip {
  readonly n: number;
  readonly complete: boolean;
  readonly text: string;
}

export class Plugs {
  readonly mechanism = new Mechanism({ widthDots: PAPER_DOTS, now: Date.now });
  readonly #printer = new VirtualPrinter({ mechanism: this.mechanism });
  readonly #fallen = new Map<number, FallenSlip>();
  #wires: Record<'board' | 'printer' | 'network', FaultyLink> | undefined;
  /** Where the terminal's program connects. */
  readonly ports = { board: 0, printer: 0, network: 0 };

  async start(targets: { readonly board: number; readonly network: number }): Promise<this> {
    const { port } = await this.#printer.start();
    const to = (targetPort: number) => new FaultyLink({ targetPort });
    this.#wires = { board: to(targets.board), printer: to(port), network: to(targets.network) };
    for (const name of ['board', 'printer', 'network'] as const)
      this.ports[name] = (await this.#wires[name].start()).port;
    // A slip takes its time on the wire, so that a cable can be pulled while it is on its way.
    this.#wires.printer.change({ latencyMs: SLIP_MS });
    return this;
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#wires ?? {}).map((wire) => wire.stop()));
    await this.#printer.stop();
  }

  plug(name: 'board' | 'printer' | 'network', state: 'in' | 'out'): void {
    this.#wires?.[name].change({ cut: state === 'out' });
  }

  /** Paper that runs out does so in the middle of the next slip. */
  paper(state: 'ok' | 'out'): void {
    if (state === 'out') return this.mechanism.change({}, LINES_LEFT);
    this.mechanism.change({ paper: 'ok' });
    this.#printer.resume();
  }

  /** Every slip so far, oldest first. The printer keeps the newest only, so it must be looked at often. */
  slips(): readonly FallenSlip[] {
    for (const slip of this.mechanism.roll.slips) {
      if (this.#fallen.get(slip.n)?.complete !== true)
        this.#fallen.set(slip.n, { n: slip.n, complete: slip.complete, text: slipText(slip) });
    }
    return [...this.#fallen.values()].sort((a, b) => a.n - b.n);
  }
}
