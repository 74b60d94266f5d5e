/** The load that faults fall into: at every counter a citizen is served, presses a key, and the next one comes. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Level } from '../../protocol/index.js';
import { until, type Hall } from '../support/hall.js';
import { CHECKOUT } from '../support/program.js';
import { audit, type AuditInput } from './audit/audit.js';
import { readTerminalLog } from './audit/log-files.js';
import type { Findings, Seen } from './fault-class.js';

const SETTLED_MS = 60_000;
const EVERY_MS = 100;
/** A broken copy of the programs: what does not come soon does not come, and is what the break is to show. */
const BROKEN_SETTLED_MS = 8_000;

export interface CitizensOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Case numbers begin with it. */
  readonly prefix: string;
  /** How long a citizen looks for the lamp. */
  readonly patienceMs?: number;
}

export class Citizens {
  readonly seen: Seen[] = [];
  readonly #hall: Hall;
  readonly #options: CitizensOptions;
  #cases = 0;
  #state: 'on' | 'resting' | 'over' = 'over';
  #at: Promise<void>[] = [];

  constructor(hall: Hall, options: CitizensOptions) {
    this.#hall = hall;
    this.#options = options;
  }

  start(): void {
    this.#state = 'on';
    this.#at = this.#hall.counters.map((_, index) => this.#come(index + 1));
  }

  /** Resolves once nobody is in the middle of a service. */
  async rest(): Promise<void> {
    this.#state = 'resting';
    await Promise.all(this.#at);
  }

  goOn(): void {
    this.start();
  }

  async stop(): Promise<void> {
    this.#state = 'over';
    await Promise.all(this.#at);
  }

  async #come(counter: number): Promise<void> {
    const { random, prefix, patienceMs = 2_500 } = this.#options;
    while (this.#state === 'on') {
      this.#cases += 1;
      const level = (1 + Math.floor(random() * 5)) as Level;
      const serviceId = await this.#open(counter, `${prefix}-${this.#cases}`, random());
      if (serviceId === null) continue;
      const before = (await this.#onScreen(counter)) ?? serviceId;
      // The one before is still there: another key would change that citizen's mind.
      if (this.seen.some((one) => one.serviceId === before)) continue;
      const accepted = await this.#hall.press(counter, level, patienceMs);
      const after = (await this.#onScreen(counter)) ?? before;
      const terminal = this.#hall.counter(counter).name;
      const known = accepted && before === after;
      for (const one of new Set([before, after]))
        this.seen.push({ serviceId: one, terminal, level, outcome: known ? 'accepted' : 'unknown' });
      if (!accepted) await this.#restUntilKeysServe(counter);
    }
  }

  /** By the business system, or at the terminal when the gateway is away; `null` when the terminal is away as well. */
  async #open(counter: number, caseNo: string, chance: number): Promise<string | null> {
    const ways =
      chance < 0.5
        ? [() => this.#hall.open(counter, caseNo), () => this.#hall.openLocally(counter, `${caseNo}-l`)]
        : [() => this.#hall.openLocally(counter, caseNo)];
    for (const way of ways) {
      try {
        return await way();
      } catch {
        // The fault fell on it. The next way opens another service; an orphan of this one is never pressed.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    return null;
  }

  /**
   * The service that is open at the counter: a command of the gateway may come late, after the fault, and then the
   * citizen rates that one. `null` where none is, or nobody answers.
   */
  async #onScreen(counter: number): Promise<string | null> {
    const asked = this.#hall.local(this.#hall.counter(counter), 'GET', '/v1/desk');
    const view = await asked
      .then(({ body }) => body as { service?: { serviceId: string } | null } | null)
      .catch(() => null);
    return view?.service?.serviceId ?? null;
  }

  /** A terminal that starts arms its keys once all have been up for a while: a finger that never rests presses nothing. */
  async #restUntilKeysServe(counter: number): Promise<void> {
    const serves = async () => {
      const { body } = await this.#hall.local(this.#hall.counter(counter), 'GET', '/v1/health');
      return (body as { parts?: { board?: string } }).parts?.board === 'connected';
    };
    await until('the keys serve', () => this.#state === 'over' || serves().catch(() => false), 30_000).catch(
      () => undefined,
    );
  }
}

/**
 * Waits until every accepted press, and every other one that stands in a terminal's log, is at the centre. Where nothing
 * more arrives for a while, what is missing is the auditor's to say.
 * @param timeoutMs how long nothing may arrive.
 */
export async function settled(
  hall: Hall,
  seen: readonly Seen[],
  timeoutMs = hall.root === CHECKOUT ? SETTLED_MS : BROKEN_SETTLED_MS,
): Promise<void> {
  const accepted = seen.filter(({ outcome }) => outcome === 'accepted').map(({ serviceId }) => serviceId);
  let most = -1;
  let untilMs = performance.now() + timeoutMs;
  const isOver = async () => {
    const held = new Set((await hall.ledger()).map(({ serviceId }) => serviceId));
    // A long backlog on a busy machine takes its time.
    if (held.size > most) untilMs = performance.now() + timeoutMs;
    most = Math.max(most, held.size);
    return [...accepted, ...pressedAtTerminals(hall)].every((serviceId) => held.has(serviceId));
  };
  while (!(await isOver().catch(() => false)) && performance.now() < untilMs) await wait(EVERY_MS);
}

function pressedAtTerminals(hall: Hall): string[] {
  return filesOf(hall).terminals.flatMap(({ name, files }) =>
    files
      .flatMap((file) => readTerminalLog(file, `demo/${name}`))
      .flatMap(({ entries }) => entries.filter(({ kind }) => kind === 'press'))
      .map(({ body }) => String(body['serviceId'])),
  );
}

/** Where a hall of this suite has its files. */
export function filesOf(hall: Hall): Omit<AuditInput, 'seen'> {
  return {
    terminals: hall.counters.map(({ name, dataDir }) => ({ name, files: [`${dataDir}/log.db`] })),
    gateway: [`${hall.gatewayData}/hall.db`],
    centre: `${hall.folder}/centre/centre.sqlite`,
  };
}

/** Stops the hall's programs and audits their files. */
export async function auditHall(hall: Hall, seen: readonly Seen[]): Promise<Findings> {
  await hall.stopPrograms();
  return audit({ seen, ...filesOf(hall) });
}
