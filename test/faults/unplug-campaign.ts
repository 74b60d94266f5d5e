/**
 * Pulls board, printer, paper, screen and network of a counter at random while citizens rate, then compares what they
 * saw (lamp, or the screen's 已收到) with what the centre holds, and what lies under the printer with what was asked.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { CentreRating, Level } from '../../protocol/index.js';
import { sealLevel } from '../../simulator/demo/sealed-level.js';
import { seeded, until, type Counter, type Hall } from '../support/hall.js';
import type { FallenSlip } from '../support/plugs.js';

export interface UnplugOptions {
  readonly seed: string;
  readonly services: number;
  readonly onProgress?: (text: string) => void;
}

export interface UnplugFindings {
  readonly services: number;
  readonly byKey: number;
  readonly byTouch: number;
  /** Presses of which nobody can say whether they were taken: the lamp's wire was cut in that moment. */
  readonly unknown: number;
  readonly pulls: Readonly<Record<string, number>>;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
  readonly slips: { readonly printed: number; readonly again: number; readonly torn: number };
  /** Services with more than one slip on paper that has no mark. */
  readonly twiceUnmarked: readonly string[];
  /** Services without any whole slip on paper. */
  readonly without: readonly string[];
  /** Resident memory of the terminal over the run, MB, evenly spread. */
  readonly rssMb: readonly number[];
}

type Piece = 'board' | 'printer' | 'network' | 'paper' | 'screen';
const PIECES: readonly Piece[] = ['board', 'printer', 'network', 'paper', 'screen'];
const AGAIN = '补打';

export async function runUnplugCampaign(hall: Hall, options: UnplugOptions): Promise<UnplugFindings> {
  const random = seeded(options.seed);
  const counter = hall.counter(1);
  const { plugs } = counter;
  if (plugs === null) throw new Error('the hall needs plugs');
  const pulls: Record<string, number> = {};
  const screen = new FollowingScreen(counter);
  const rssMb: number[] = [];
  let working = true;

  const hand = async () => {
    while (working) {
      await wait(100 + random() * 400);
      const piece = PIECES[Math.floor(random() * PIECES.length)] ?? 'board';
      pulls[piece] = (pulls[piece] ?? 0) + 1;
      pull(piece, true);
      await wait(20 + random() * 900);
      pull(piece, false);
    }
  };
  const pull = (piece: Piece, out: boolean) => {
    if (piece === 'screen') return screen.show(!out);
    if (piece === 'paper') return plugs.paper(out ? 'out' : 'ok');
    plugs.plug(piece, out ? 'out' : 'in');
  };
  screen.show(true);
  // Two hands: a cable is pulled also while the paper is out.
  const handling = Promise.all([hand(), hand()]);
  const seen: Seen[] = [];
  while (seen.length < options.services) {
    const number = seen.length + 1;
    const level = (1 + Math.floor(random() * 5)) as Level;
    const caseNo = `${options.seed}-${number}`;
    const serviceId = await hall.openLocally(1, caseNo);
    const accepted = await rate(hall, counter, level, screen.shown);
    seen.push({ serviceId, caseNo, level, accepted });
    plugs.slips();
    if (number % Math.max(1, Math.floor(options.services / 20)) === 0) {
      rssMb.push(rssOf(counter.program.pid));
      options.onProgress?.(`${number} services, ${JSON.stringify(pulls)}, ${rssMb.at(-1)} MB`);
    }
  }
  working = false;
  await handling;
  for (const piece of PIECES) pull(piece, false);
  const ratings = await audit(hall, seen);
  // Slips take longer than presses here; what is behind comes out.
  const patienceMs = 60_000 + 200 * seen.length;
  await until('every slip is on paper', () => without(seen, plugs.slips()).length === 0, patienceMs).catch(
    () => undefined,
  );
  screen.show(false);
  const slips = plugs.slips();
  return {
    services: seen.length,
    byKey: seen.filter(({ accepted }) => accepted === 'key').length,
    byTouch: seen.filter(({ accepted }) => accepted === 'touch').length,
    unknown: seen.filter(({ accepted }) => accepted === 'unknown').length,
    pulls,
    ...ratings,
    slips: {
      printed: slips.filter(({ complete }) => complete).length,
      again: slips.filter(({ text }) => text.includes(AGAIN)).length,
      torn: slips.filter(({ complete }) => !complete).length,
    },
    twiceUnmarked: [...byCase(seen, slips)]
      .filter(([, own]) => own.filter(({ text }) => !text.includes(AGAIN)).length > 1)
      .map(([caseNo]) => caseNo),
    without: without(seen, slips),
    rssMb,
  };
}

interface Seen {
  readonly serviceId: string;
  readonly caseNo: string;
  readonly level: Level;
  readonly accepted: 'key' | 'touch' | 'unknown';
}

/** As a citizen does it: the key, and where the lamp stays dark, the screen. One of both is there sooner or later. */
async function rate(hall: Hall, counter: Counter, level: Level, screenShown: boolean): Promise<Seen['accepted']> {
  if (await keysServe(hall, counter)) return (await hall.press(1, level, 1_500)) ? 'key' : 'unknown';
  if (screenShown && (await touch(hall, counter, level))) return 'touch';
  await until('the keys serve again', () => keysServe(hall, counter), 30_000);
  return (await hall.press(1, level, 1_500)) ? 'key' : 'unknown';
}

async function keysServe(hall: Hall, counter: Counter): Promise<boolean> {
  const { body } = await hall.local(counter, 'GET', '/v1/health');
  return (body as { parts?: { board?: string } }).parts?.board === 'connected';
}

async function touch(hall: Hall, counter: Counter, level: Level): Promise<boolean> {
  const sealed = sealLevel(secretOf(counter), level);
  return (await hall.local(counter, 'POST', '/v1/press', { sealed }, 'kiosk')).status === 200;
}

function secretOf({ dataDir }: Counter): string {
  return readFileSync(join(dataDir, 'kiosk-secret'), 'utf8').trim();
}

/** A citizen's page, as far as the terminal sees one: it follows the feed, or it is gone. */
class FollowingScreen {
  readonly #counter: Counter;
  #following: AbortController | undefined;

  constructor(counter: Counter) {
    this.#counter = counter;
  }

  get shown(): boolean {
    return this.#following !== undefined;
  }

  show(on: boolean): void {
    this.#following?.abort();
    this.#following = on ? new AbortController() : undefined;
    if (this.#following !== undefined) void this.#follow(this.#following.signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.#counter.port}/v1/screen/events`, {
        headers: { authorization: `Bearer ${secretOf(this.#counter)}` },
        signal,
      });
      for await (const _ of response.body ?? []) if (signal.aborted) return;
    } catch {
      // Pulled; nobody follows any more.
    }
  }
}

async function audit(hall: Hall, seen: readonly Seen[]): Promise<Pick<UnplugFindings, 'lost' | 'doubled' | 'wrong'>> {
  const accepted = seen.filter((one) => one.accepted !== 'unknown');
  const heldNow = async () => {
    const held = new Map<string, CentreRating[]>();
    for (const entry of await hall.ledger()) held.set(entry.serviceId, [...(held.get(entry.serviceId) ?? []), entry]);
    return held;
  };
  await until(
    'all accepted presses are in the ledger',
    async () => {
      const held = await heldNow();
      return accepted.every(({ serviceId }) => held.has(serviceId));
    },
    60_000,
  ).catch(() => undefined);
  const held = await heldNow();
  const ids = (those: readonly Seen[]) => those.map(({ serviceId }) => serviceId);
  return {
    lost: ids(accepted.filter(({ serviceId }) => !held.has(serviceId))),
    doubled: [...held].filter(([, entries]) => entries.length > 1).map(([serviceId]) => serviceId),
    wrong: ids(seen.filter(({ serviceId, level }) => (held.get(serviceId)?.[0]?.satisfaction ?? level) !== level)),
  };
}

/** By case number. One look at each slip: the printer lives in this process and must not be kept waiting. */
function byCase(seen: readonly Seen[], slips: readonly FallenSlip[]): ReadonlyMap<string, readonly FallenSlip[]> {
  const found = new Map<string, FallenSlip[]>(seen.map(({ caseNo }) => [caseNo, []]));
  for (const slip of slips) for (const word of new Set(slip.text.split(/\s+/))) found.get(word)?.push(slip);
  return found;
}

function without(seen: readonly Seen[], slips: readonly FallenSlip[]): string[] {
  return [...byCase(seen, slips)].filter(([, own]) => !own.some(({ complete }) => complete)).map(([caseNo]) => caseNo);
}

function rssOf(pid: number): number {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb ?? 0) / 102.4) / 10;
}
