/** What is seen of one counter: its terminal and its devices, each asked for itself. */
import type { Counter } from './demo-hall.js';
import { PART_NAMES, type CounterView, type PartName, type PartState } from './hall-view.js';
import type { TerminalDesk } from './terminal-door.js';

/** What ails the hardware changes by a hand only; that it came by itself is noticed soon enough. */
const CALM_MS = 1_000;

export class CounterWatch {
  readonly #counter: Counter;
  /** What the terminal said of its services last: it may be down when somebody looks. */
  #recent: TerminalDesk['recent'] = [];
  readonly #since = new Map<PartName, { readonly state: PartState; readonly since: number }>();
  #bench: CounterView['bench'] = { board: null, printer: null };
  #benchDueMs = 0;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  get number(): number {
    return this.#counter.place.number;
  }

  /** Services that are over, newest first. */
  get recent(): TerminalDesk['recent'] {
    return this.#recent;
  }

  /** What ails the hardware is looked at next time. */
  stir(): void {
    this.#benchDueMs = 0;
  }

  async view(switches: CounterView['switches']): Promise<CounterView> {
    const { place, door, printer, lamps } = this.#counter;
    const pagesId = door.pagesId();
    const [session, desk, lit, roll] = await Promise.all([
      door.session(),
      door.desk(),
      lamps(),
      printer.roll(),
      this.#lookAtBench(),
    ]);
    if (desk !== undefined) this.#recent = desk.recent;
    const { staff = null, paper = null, backlog = null, selfCheck = null, printerFault = null } = desk ?? {};
    const parts = desk === undefined ? null : knownParts(desk.parts);
    const slips = (roll ?? []).map(({ n, complete, address }) => ({ n, complete, address })).reverse();
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
      parts,
      since: this.#sinceWhen(parts),
      selfCheck:
        selfCheck === null
          ? null
          : {
              result: selfCheck.last.result,
              since: selfCheck.last.since,
              running: selfCheck.running === null ? null : (selfCheck.running.step?.name ?? 'automatic'),
            },
      lamps: lit ?? null,
      paper,
      printerFault,
      slip: slips[0] ?? null,
      slips,
      backlog,
      switches,
      bench: this.#bench,
    };
  }

  async #lookAtBench(): Promise<void> {
    if (performance.now() < this.#benchDueMs) return;
    this.#benchDueMs = performance.now() + CALM_MS;
    const { bench, printer } = this.#counter;
    const [board, paper] = await Promise.all([bench.trouble(), printer.trouble()]);
    this.#bench = { board: board ?? null, printer: paper ?? null };
  }

  #sinceWhen(parts: CounterView['parts']): CounterView['since'] {
    for (const name of PART_NAMES) {
      const state = parts?.[name];
      if (state === undefined) this.#since.delete(name);
      else if (this.#since.get(name)?.state !== state) this.#since.set(name, { state, since: Date.now() });
    }
    return Object.fromEntries([...this.#since].map(([name, { since }]) => [name, since]));
  }
}

function knownParts(parts: TerminalDesk['parts']): Partial<Record<PartName, PartState>> {
  return Object.fromEntries(PART_NAMES.flatMap((name) => (parts[name] === undefined ? [] : [[name, parts[name]]])));
}
