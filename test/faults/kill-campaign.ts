/**
 * Kills programs at random moments under load, starts them again as systemd would, and then lets an auditor
 * compare what citizens saw (the accepted lamp) with what the centre holds. An answer that was lost in flight
 * counts as unknown: it may have been taken or not, but never twice and never with another level.
 */
import type { CentreRating, Level } from '../../protocol/index.js';
import { seeded, until, type Hall } from '../support/hall.js';

export interface CampaignOptions {
  readonly seed: string;
  /** Services to open, over all counters. */
  readonly services: number;
  readonly kills: number;
  readonly onProgress?: (text: string) => void;
}

/** What was seen of one service. */
export interface Seen {
  readonly serviceId: string;
  readonly counter: number;
  readonly level: Level;
  readonly accepted: boolean;
}

export interface Findings {
  readonly seen: readonly Seen[];
  readonly accepted: number;
  readonly unknown: number;
  readonly kills: Readonly<Record<string, number>>;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
  readonly unexplained: readonly string[];
}

export async function runCampaign(hall: Hall, options: CampaignOptions): Promise<Findings> {
  const random = seeded(options.seed);
  const seen: Seen[] = [];
  const kills: Record<string, number> = {};
  let opened = 0;
  let done = false;

  const citizen = async (counter: number) => {
    // Load goes on until the last kill was survived.
    while (opened < options.services || !done) {
      opened += 1;
      const number = opened;
      const level = (1 + Math.floor(random() * 5)) as Level;
      const serviceId = await openSomehow(hall, counter, `${options.seed}-${number}`, random());
      if (serviceId === null) {
        opened -= 1;
        continue;
      }
      const accepted = await hall.press(counter, level, 2_500);
      seen.push({ serviceId, counter, level, accepted });
      if (!accepted) await restUntilKeysServe(hall, counter);
      if (number % 100 === 0) options.onProgress?.(`${number} services, ${total(kills)} kills`);
    }
  };
  const killer = async () => {
    for (let n = 1; n <= options.kills; n += 1) {
      // Spread over the run by what was done, not by the clock.
      const dueAt = (options.services * n) / (options.kills + 1);
      await until('the next kill is due', () => opened >= dueAt, 3_600_000);
      const programs = [hall.gateway, hall.centre, ...hall.counters.map(({ program }) => program)];
      const program = programs[Math.floor(random() * programs.length)];
      if (program === undefined) continue;
      await program.kill();
      kills[program.name] = (kills[program.name] ?? 0) + 1;
      await program.start();
    }
    done = true;
  };
  const killing = killer();
  await Promise.all(hall.counters.map((_, index) => citizen(index + 1)));
  await killing;
  return { ...(await audit(hall, seen)), kills };
}

/** By the business system, or at the terminal when the gateway is away; `null` when the terminal is away as well. */
async function openSomehow(hall: Hall, counter: number, caseNo: string, chance: number): Promise<string | null> {
  const ways =
    chance < 0.5
      ? [() => hall.open(counter, caseNo), () => hall.openLocally(counter, `${caseNo}-l`)]
      : [() => hall.openLocally(counter, caseNo)];
  for (const way of ways) {
    try {
      return await way();
    } catch {
      // Killed under it. The next way opens another service; an orphan of this one is never pressed.
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  return null;
}

/** A terminal that starts arms its keys once all have been up for a while: a finger that never rests presses nothing. */
async function restUntilKeysServe(hall: Hall, counter: number): Promise<void> {
  const serves = async () => {
    const { body } = await hall.local(hall.counter(counter), 'GET', '/v1/health');
    return (body as { parts?: { board?: string } }).parts?.board === 'connected';
  };
  await until('the keys serve', () => serves().catch(() => false), 30_000);
}

/** Waits until everything has arrived, then compares. */
async function audit(hall: Hall, seen: readonly Seen[]): Promise<Omit<Findings, 'kills'>> {
  const accepted = seen.filter((one) => one.accepted);
  const byService = async () => {
    const held = new Map<string, CentreRating[]>();
    for (const entry of await hall.ledger()) held.set(entry.serviceId, [...(held.get(entry.serviceId) ?? []), entry]);
    return held;
  };
  await until(
    'all accepted presses are in the ledger',
    async () => {
      const held = await byService().catch(() => new Map<string, CentreRating[]>());
      return accepted.every(({ serviceId }) => held.has(serviceId));
    },
    60_000,
  ).catch(() => undefined);
  const held = await byService();
  const known = new Map(seen.map((one) => [one.serviceId, one]));
  return {
    seen,
    accepted: accepted.length,
    unknown: seen.length - accepted.length,
    lost: accepted.filter(({ serviceId }) => !held.has(serviceId)).map(({ serviceId }) => serviceId),
    doubled: [...held].filter(([, entries]) => entries.length > 1).map(([serviceId]) => serviceId),
    wrong: [...held]
      .filter(([serviceId, [entry]]) => known.has(serviceId) && entry?.satisfaction !== known.get(serviceId)?.level)
      .map(([serviceId]) => serviceId),
    unexplained: [...held.keys()].filter((serviceId) => !known.has(serviceId)),
  };
}

function total(kills: Readonly<Record<string, number>>): number {
  return Object.values(kills).reduce((sum, one) => sum + one, 0);
}
