/**
 * Pulls board, printer, paper, screen and network of a counter at random while citizens rate, then compares what they
 * saw (lamp, or the screen's 已收到) with what the centre holds, and what lies under the printer with what was asked.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Level } from '../../protocol/index.js';
import { sealLevel } from '../../simulator/demo/sealed-level.js';
import { until, type Counter, type Hall } from '../support/hall.js';
import { seeded } from '../support/seeded.js';
import type { FallenSlip } from '../support/plugs.js';
import { settled } from './citizens.js';
import type { Seen as AuditedPress } from './fault-class.js';

export interface UnplugOptions {
  readonly seed: string;
  /** Pieces to pull: citizens come until so many were. */
  readonly pulls: number;
  readonly onProgress?: (text: string) => void;
}

export interface UnplugFindings {
  readonly services: number;
  readonly byKey: number;
  readonly byTouch: number;
  /** Presses of which nobody can say whether they were taken: the lamp's wire was cut in that moment. */
  readonly unknown: number;
  readonly pulls: Readonly<Record<string, number>>;
  /** For the auditor. */
  readonly seen: readonly AuditedPress[];
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
/** Services between two looks at the terminal's memory. */
const RSS_LOOK = 20;

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
  while (total(pulls) < options.pulls) {
    const number = seen.length + 1;
    const level = (1 + Math.floor(random() * 5)) as Level;
    const caseNo = `${options.seed}-${number}`;
    const serviceId = await hall.openLocally(1, caseNo);
    const accepted = await rate(hall, counter, level, screen.shown);
    seen.push({ serviceId, caseNo, level, accepted });
    plugs.slips();
    if (number % RSS_LOOK === 0) rssMb.push(rssOf(counter.program.pid));
    if (number % (RSS_LOOK * 10) === 0) {
      options.onProgress?.(`${number} services, ${JSON.stringify(pulls)}, ${rssMb.at(-1)} MB`);
    }
  }
  working = false;
  await handling;
  for (const piece of PIECES) pull(piece, false);
  const pressed = seen.map(({ serviceId, level, accepted }): AuditedPress => ({
    serviceId,
    terminal: counter.name,
    level,
    outcome: accepted === 'unknown' ? 'unknown' : 'accepted',
  }));
  await settled(hall, pressed);
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
    seen: pressed,
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

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
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
