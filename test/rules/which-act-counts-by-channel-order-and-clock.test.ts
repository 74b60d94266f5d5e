/**
 * Every row of R3 and R4, for each way by which a rating comes, each order in which two acts are heard of, and each state
 * of the terminal's clock. The tables say what the articles say, not how the gateway finds it out.
 */
import { describe, expect, test } from 'vitest';
import { readOpenRequest } from '../../gateway/core/open-request.js';
import { recordRequest } from '../support/record-request.js';
import { RATING_CHANNELS, type Policy, type RatingChannel, type Stage } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { DAY_MS, MINUTE_MS, opened, POLICY, pressed, RatedHall } from './rated-hall.js';

/**
 * What is known of when the press was made. `known`: to the ms. `overlapping`: within twenty minutes, in which the other
 * act falls. `unknown`: not later than it was heard of.
 */
const CLOCKS = ['known', 'overlapping', 'unknown'] as const;
/** Who rated first, and whether the terminal was heard of before the other act was made. */
const SCENES = ['terminal first, heard first', 'terminal first, heard later', 'terminal later'] as const;
type Clock = (typeof CLOCKS)[number];
type Scene = (typeof SCENES)[number];
type Act = 'terminal' | 'other';

/** One service, one rating (R3): the earlier verified act by corrected time; where nobody can tell, the documented rule. */
const COUNTS: Readonly<Record<Scene, Readonly<Record<Clock, Act>>>> = {
  'terminal first, heard first': { known: 'terminal', overlapping: 'terminal', unknown: 'terminal' },
  'terminal first, heard later': { known: 'terminal', overlapping: 'other', unknown: 'other' },
  'terminal later': { known: 'other', overlapping: 'other', unknown: 'other' },
};

interface Row {
  readonly article: string;
  readonly what: string;
  readonly stage: Stage;
  readonly policy?: Policy;
  /** What the service is, in the columns of its record. */
  readonly form?: 'batch' | 'theme';
  readonly attributedTo?: 'window' | 'department';
  readonly verified?: boolean;
  /** The other act is made after the days. */
  readonly late?: boolean;
  readonly counts: (scene: Scene, clock: Clock) => Act | null;
  /** Codes of what does not count, where it is not the order that decides. */
  readonly aside?: Readonly<Partial<Record<Act, string>>>;
}

const ungranted: Policy = {
  ...POLICY,
  stages: { ...POLICY.stages, intake: { ...POLICY.stages.intake, opens: 'nothing' } },
};
const byOrder = (scene: Scene, clock: Clock) => COUNTS[scene][clock];

const ROWS: readonly Row[] = [
  { article: 'D §11, X 五(一)3', what: 'one service has one rating', stage: 'completion', counts: byOrder },
  {
    article: 'S §20',
    what: 'a batch is rated once, for all of its cases',
    stage: 'completion',
    form: 'batch',
    counts: byOrder,
  },
  {
    article: 'S §20',
    what: 'a theme has one overall rating',
    stage: 'completion',
    form: 'theme',
    counts: byOrder,
  },
  {
    article: 'D §14',
    what: 'an act that may be anybody’s gives way to one that is not',
    stage: 'completion',
    verified: false,
    counts: () => 'terminal',
  },
  {
    article: 'S §18',
    what: 'a failed intake opens no rating',
    stage: 'intake',
    policy: ungranted,
    counts: () => null,
    aside: { terminal: 'service-ungranted', other: 'service-ungranted' },
  },
  {
    article: 'S §18',
    what: 'an intake opens a rating of the receiving window',
    stage: 'intake',
    attributedTo: 'window',
    counts: byOrder,
  },
  { article: 'S §18', what: 'a completion opens the full rating', stage: 'completion', counts: byOrder },
  {
    article: 'D §9',
    what: 'a rating before hand-over belongs to the window',
    stage: 'intake',
    attributedTo: 'window',
    counts: byOrder,
  },
  {
    article: 'D §9',
    what: 'a rating after hand-over belongs to the department',
    stage: 'completion',
    attributedTo: 'department',
    counts: byOrder,
  },
  {
    article: 'S §17',
    what: 'after the days nobody rates any more, and what was pressed within them counts however late it is heard of',
    stage: 'completion',
    late: true,
    counts: (scene) => (scene === 'terminal later' ? null : 'terminal'),
    aside: { other: 'rating-window-over', terminal: 'rating-window-over' },
  },
];

const OTHERS = RATING_CHANNELS.filter((channel) => channel !== 'window');

/** The batch with what was pressed; it says of the time what the clock's state lets it say. */
function told(hall: RatedHall, chain: TerminalChain, fromSeq: number, clock: Clock): Uint8Array {
  const { bootId } = chain;
  const [mono, at] = [chain.clock.monoMs(), chain.clock.wallMs()];
  if (clock === 'unknown') return chain.batch(fromSeq);
  // A gateway's word that was on its way for twenty minutes could have been said at any of their moments.
  const oldMs = clock === 'known' ? 0 : 20 * MINUTE_MS;
  const echo = { gatewayTime: hall.log.clock.wallMs() - oldMs, mono };
  return chain.batch(fromSeq, chain.headSeq, { time: { bootId, mono, at, echo } });
}

/** The business system says what the service is. */
async function requested(hall: RatedHall, chain: TerminalChain, serviceId: string, row: Row): Promise<void> {
  const { store, clock } = hall.log;
  const caseNo = `case-${serviceId}`;
  const [one, another] = row.form === 'theme' ? [{ code: 'M-1' }, { code: 'M-2' }] : [];
  const cases = [
    { caseNo, ...(one === undefined ? {} : { matter: one }) },
    { caseNo: 'c-2', ...(another === undefined ? {} : { matter: another }) },
  ];
  const request = readOpenRequest(
    {
      terminal: chain.terminal,
      caseNo,
      stage: row.stage,
      ...(row.form === undefined ? {} : { form: row.form, cases }),
      ...(row.attributedTo === 'department' ? { handedOver: true, department: 'D-1' } : {}),
      ...(row.attributedTo === 'window' ? { handedOver: false } : {}),
    },
    { takesEvaluator: false },
  );
  await recordRequest({ store }, request, serviceId, clock.wallMs(), 15_000);
}

async function play(hall: RatedHall, row: Row, channel: Exclude<RatingChannel, 'window'>, scene: Scene, clock: Clock) {
  const serviceId = `s-${nodeRandomness.newId()}`;
  const chain = await hall.terminal();
  if (row.form !== undefined || row.attributedTo !== undefined) await requested(hall, chain, serviceId, row);
  opened(chain, serviceId, row.stage);
  await hall.log.send(chain, chain.batch());
  const from = chain.headSeq + 1;
  const waitMs = row.late === true ? 9 * DAY_MS : 3 * MINUTE_MS;
  hall.advance(MINUTE_MS, chain);
  const other = nodeRandomness.newId();
  const rateOther = () => hall.rate({ id: other, serviceId, channel, level: 5, verified: row.verified ?? true });
  const othersTurn = async () => {
    hall.advance(waitMs, chain);
    await rateOther();
    hall.advance(3 * MINUTE_MS, chain);
  };
  if (scene === 'terminal later') await othersTurn();
  const terminal = pressed(chain, serviceId, 2);
  // A batch that was packed at the press, and was long on its way, may have been packed at any moment of that way.
  const packed = clock === 'overlapping' ? told(hall, chain, from, clock) : null;
  const hear = () => hall.log.send(chain, packed ?? told(hall, chain, from, clock));
  if (scene !== 'terminal first, heard later') await hear();
  if (scene !== 'terminal later') await othersTurn();
  if (scene === 'terminal first, heard later') await hear();
  return { serviceId, acts: { terminal, other } };
}

describe.each(ROWS)('$article: $what', (row) => {
  test('by every channel, in every order, whatever the clock of the terminal', async () => {
    const hall = await RatedHall.open(row.policy);
    for (const channel of OTHERS)
      for (const scene of SCENES)
        for (const clock of CLOCKS) {
          const name = `${channel}, ${scene}, clock ${clock}`;
          const { serviceId, acts } = await play(hall, row, channel, scene, clock);
          let counts = row.counts(scene, clock);
          // Nobody can tell that a press was too late whose time nobody knows.
          const isTooLate = row.late === true && scene === 'terminal later' && clock !== 'unknown';
          if (row.late === true && scene === 'terminal later' && !isTooLate) counts = 'terminal';
          const standing = hall.standing(serviceId);
          expect(standing?.ratingId, name).toBe(counts === null ? undefined : acts[counts]);
          const [service] = hall.log.rows<{
            ratingId: string | null;
            form: string | null;
            attributedTo: string | null;
          }>('SELECT ratingId, form, attributedTo FROM service WHERE serviceId = ?', serviceId);
          expect(service, name).toEqual({
            ratingId: standing?.ratingId ?? null,
            form: row.form ?? null,
            attributedTo: row.attributedTo ?? null,
          });
          const firstHeard = scene === 'terminal first, heard first' ? 'terminal' : 'other';
          const codes = (['terminal', 'other'] as const)
            .filter((act) => act !== counts)
            .map((act) => ({
              ratingId: acts[act],
              code:
                row.aside?.[act] ??
                (act === firstHeard && counts !== null ? 'rating-displaced' : 'service-already-rated'),
            }));
          const sorted = (rows: readonly { ratingId: string }[]) =>
            [...rows].sort((a, b) => (a.ratingId < b.ratingId ? -1 : 1));
          expect(sorted(hall.asides(serviceId)), name).toEqual(sorted(codes));
        }
    expect(hall.log.setAside()).toEqual([]);
    const { faults, chains } = hall.verified();
    expect([faults, chains.filter(({ ok }) => !ok)]).toEqual([[], []]);
  });
});
