/** What was promised of the drain, and whether the figures of one run keep it. */
import { ceilingName } from './ceiling.js';
import { spread, type Measured } from './figures.js';
import { named } from './ours.js';

export interface Verdict {
  readonly promise: string;
  readonly measured: string;
  readonly kept: boolean;
}

export interface Judged {
  readonly terminals: readonly number[];
  readonly ceilings: readonly Measured[];
  readonly ours: readonly Measured[];
  readonly peers: readonly Measured[];
  readonly kills: readonly Measured[];
}

const LEVEL = /^MQTT\.js \+ mqtt-level-store/;
const SLOW = /5 ms fsync$/;
const BYTES_AN_ENTRY = 60;
const GATEWAY_MB = 250;
const PRESS_P99_MS = 10;

/** Promises of which there are no figures (a part was left out) are not judged. */
export function judge({ terminals, ceilings, ours, peers, kills }: Judged): Verdict[] {
  const whole = ours.filter(({ name }) => terminals.some((total) => name === named(total)));
  const slow = ours.filter(({ name }) => SLOW.test(name));
  const level = peers.filter(({ name }) => LEVEL.test(name));
  return [
    ...whole.flatMap((one) =>
      faster(
        one,
        peers.filter(({ name }) => !SLOW.test(name)),
        'the fastest peer',
        1,
      ),
    ),
    ...whole.flatMap((one) =>
      faster(
        one,
        level.filter(({ name }) => !SLOW.test(name)),
        'MQTT.js + level',
        20,
      ),
    ),
    ...slow.flatMap((one) =>
      faster(
        one,
        level.filter(({ name }) => SLOW.test(name)),
        'MQTT.js + level',
        10,
      ),
    ),
    ...terminals.flatMap((total) => ofCeiling(total, whole, ceilings)),
    ...most(whole, 'sentBytesPerEntry', `at most ${BYTES_AN_ENTRY} bytes an entry on the wire`, BYTES_AN_ENTRY, ''),
    ...most(whole, 'gatewayPeakRssBytes', `gateway at most ${GATEWAY_MB} MB resident`, GATEWAY_MB * 2 ** 20, 'MB'),
    ...ours.flatMap((one) =>
      most([one], 'durableP99Ms', `press → durable p99 at most ${PRESS_P99_MS} ms during a drain`, PRESS_P99_MS, 'ms'),
    ),
    ...exactlyOnce(kills.filter(({ name }) => name.startsWith('pjq'))),
  ];
}

function median(measured: Measured | undefined, figure: string): number | null {
  return measured === undefined ? null : (spread(measured.runs, figure)?.median ?? null);
}

/** Ours against the fastest of some peers, by ratings a second. */
function faster(ours: Measured, peers: readonly Measured[], whom: string, times: number): Verdict[] {
  const mine = median(ours, 'ratingsPerSecond');
  const others = peers.flatMap((peer) => {
    const rate = median(peer, 'recordsPerSecond');
    return rate === null ? [] : [{ name: peer.name, rate }];
  });
  const best = others.sort((a, b) => b.rate - a.rate)[0];
  if (mine === null || best === undefined) return [];
  const ratio = mine / best.rate;
  return [
    {
      promise: `${ours.name}: ${times === 1 ? 'faster than' : `at least ${times} × `} ${whom}`.replace('  ', ' '),
      measured: `${ratio.toFixed(2)} × (${mine.toFixed(0)} and ${best.rate.toFixed(0)} ratings/s, ${best.name})`,
      kept: times === 1 ? ratio > 1 : ratio >= times,
    },
  ];
}

function ofCeiling(total: number, ours: readonly Measured[], ceilings: readonly Measured[]): Verdict[] {
  const mine = median(
    ours.find(({ name }) => name === named(total)),
    'entriesPerSecond',
  );
  const ceiling = median(
    ceilings.find(({ name }) => name === ceilingName(total)),
    'entriesPerSecond',
  );
  if (mine === null || ceiling === null) return [];
  return [
    {
      promise: `${named(total)}: at least half of what the gateway takes when nothing has to be sent`,
      measured: `${((100 * mine) / ceiling).toFixed(0)} % (${mine.toFixed(0)} of ${ceiling.toFixed(0)} entries/s)`,
      kept: mine * 2 >= ceiling,
    },
  ];
}

/** The worst median of a figure, against what it may be. */
function most(measured: readonly Measured[], figure: string, promise: string, limit: number, unit: string): Verdict[] {
  const medians = measured.flatMap((one) => {
    const value = median(one, figure);
    return value === null ? [] : [{ name: one.name, value }];
  });
  const worst = medians.sort((a, b) => b.value - a.value)[0];
  if (worst === undefined) return [];
  const shown = unit === 'MB' ? worst.value / 2 ** 20 : worst.value;
  return [{ promise, measured: `${shown.toFixed(1)} ${unit} (${worst.name})`, kept: worst.value <= limit }];
}

function exactlyOnce(kills: readonly Measured[]): Verdict[] {
  const runs = kills.flatMap((one) => one.runs);
  const failed = kills.flatMap((one) => one.failed);
  if (runs.length + failed.length === 0) return [];
  const sum = (figure: string) => runs.reduce((total, run) => total + (run[figure] ?? 0), 0);
  const [lost, doubled] = [sum('lost'), sum('doubled')];
  return [
    {
      promise: 'pjq: nothing lost and nothing doubled when either side is killed',
      measured: `${lost} lost, ${doubled} doubled in ${runs.length} kills${failed.length > 0 ? `, ${failed.length} failed` : ''}`,
      kept: lost + doubled === 0 && failed.length === 0,
    },
  ];
}
