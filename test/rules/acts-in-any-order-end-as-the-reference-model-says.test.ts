/**
 * Services rated by several ways, and changed, heard of in random order and in random batches, also when their code is
 * used before any log tells of them, through the real projection: what then stands in the tables is what the reference
 * model says of the acts as they were timed.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPjqError, serviceReferenceOf, type Level } from '../../protocol/index.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { MINUTE_MS, opened, POLICY, pressed, RatedHall } from './rated-hall.js';
import { model, type Happening, type ModelAct } from './reference-model.js';

const RUNS = 200;
const CHANGE_MS = POLICY.later.changeSeconds * 1_000;

/** What happens in a service, one after the other; the terminal is heard of only when it `sends`. */
const deed = fc.constantFrom(
  ...([
    'press',
    'press',
    'unrated',
    'other',
    'other',
    'unverified',
    'change',
    'change',
    'late',
    'send',
    'wait',
  ] as const),
);
const history = fc.record({
  deeds: fc.array(deed, { minLength: 2, maxLength: 10 }),
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
  isClockKnown: fc.boolean(),
  /** Its opening is heard of before anything else. */
  isToldFirst: fc.boolean(),
});

interface Row {
  readonly ratingId: string;
  readonly channel: string;
  readonly verified: number;
  readonly correctedLowMs: number | null;
  readonly latestMs: number;
  readonly at: number;
  readonly replaces: string | null;
  readonly entryId: number;
}

async function send(hall: RatedHall, chain: TerminalChain, from: number, sizes: readonly number[], known: boolean) {
  const time = {
    bootId: chain.bootId,
    mono: chain.clock.monoMs(),
    at: chain.clock.wallMs(),
    ...(known ? { echo: { gatewayTime: hall.log.clock.wallMs(), mono: chain.clock.monoMs() } } : {}),
  };
  const batches: Uint8Array[] = [];
  for (let first = from, at = 0; first <= chain.headSeq; at += 1) {
    const last = Math.min(chain.headSeq, first + (sizes[at % sizes.length] ?? 1) - 1);
    batches.push(chain.batch(first, last, { time }));
    first = last + 1;
  }
  // Anyhow: what comes too early waits for what is before it.
  await hall.log.send(chain, ...batches.reverse());
}

/** What the tables have of a service, in the order in which it was told; an act by the times that are its own. */
function happenedTo(hall: RatedHall, chain: TerminalChain, serviceId: string): Happening[] {
  const columns = 'ratingId, channel, verified, correctedLowMs, latestMs, at, replaces, entryId';
  const acts = hall.log
    .rows<Row>(
      `SELECT ${columns} FROM rating WHERE serviceId = ? UNION ALL SELECT ${columns} FROM aside WHERE serviceId = ?`,
      serviceId,
      serviceId,
    )
    .map(({ entryId, ...row }) => {
      const byTerminal = row.channel === 'window';
      const act: ModelAct = {
        id: row.ratingId,
        byTerminal,
        verified: row.verified === 1,
        lowMs: byTerminal ? row.correctedLowMs : row.at,
        latestMs: byTerminal ? row.latestMs : row.at,
        madeMs: row.at,
        replaces: row.replaces,
      };
      return { entryId, happening: { what: 'act' as const, atMs: row.at, act } };
    });
  const ended = hall.log
    .rows<{ id: number; receivedAt: number }>(
      `SELECT entry.id, receivedAt FROM entry JOIN epoch ON epoch.id = epochId
       WHERE source = ? AND kind IN ('rating', 'unrated') ORDER BY entry.id LIMIT 1`,
      chain.source,
    )
    .map(({ id, receivedAt }) => ({
      entryId: id - 0.5,
      happening: { what: 'covered' as const, atMs: receivedAt },
    }));
  return [...acts, ...ended].sort((a, b) => a.entryId - b.entryId).map(({ happening }) => happening);
}

test('services that are rated by several ways, and changed, end as the reference model says', async () => {
  const hall = await RatedHall.open();
  const met = { displaced: 0, replaced: 0, held: 0, withdrawn: 0, late: 0, foretold: 0 };
  await fc.assert(
    fc.asyncProperty(history, async ({ deeds, sizes, isClockKnown, isToldFirst }) => {
      const serviceId = `s-${nodeRandomness.newId()}`;
      const chain = await hall.terminal();
      const reference = serviceReferenceOf(nodeSuite, serviceId);
      const provisional = { terminal: chain.terminal, reference, day: '2026-03-02' };
      opened(chain, serviceId);
      let sent = 0;
      const hear = async () => {
        await send(hall, chain, sent + 1, sizes, isClockKnown);
        sent = chain.headSeq;
      };
      if (isToldFirst) await hear();
      let [acts, last] = [0, null as { id: string; verified: boolean } | null];
      const rate = async (level: Level, verified: boolean, replaces?: string) => {
        const of = isToldFirst ? { serviceId } : { provisional };
        const change = replaces === undefined ? {} : { replaces };
        const taken = await hall.rate({ ...of, ...change, level, verified });
        if (taken.serviceId !== serviceId) met.foretold += 1;
        last = { id: taken.ratingId, verified };
        acts += 1;
      };
      for (const [n, one] of deeds.entries()) {
        hall.advance(one === 'change' ? 10_000 : MINUTE_MS + 1, chain);
        const level = ((n % 5) + 1) as Level;
        if (one === 'press') {
          pressed(chain, serviceId, level);
          acts += 1;
        } else if (one === 'unrated') chain.append('unrated', { serviceId, cause: 'time-over' });
        else if (one === 'other' || one === 'unverified') await rate(level, one === 'other');
        else if (one === 'change' || one === 'late') {
          const before = last;
          if (before === null) continue;
          await rate(level, before.verified, before.id).catch((error: unknown) => {
            if (!isPjqError(error, 'change-too-late')) throw error;
            met.late += 1;
          });
        } else if (one === 'send') await hear();
      }
      await hear();

      const happened = happenedTo(hall, chain, serviceId);
      expect(happened.filter(({ what }) => what === 'act')).toHaveLength(acts);
      const opens = POLICY.stages.completion.opens !== 'nothing';
      const should = model(happened, { opens, daysEndMs: null, changeMs: CHANGE_MS });
      expect(hall.standing(serviceId)?.ratingId ?? null).toBe(should.standing);
      expect(Object.fromEntries(hall.asides(serviceId).map(({ ratingId, code }) => [ratingId, code]))).toEqual(
        should.aside,
      );
      for (const [ratingId, place] of Object.entries(should.places)) {
        expect(hall.queue(ratingId)).toMatchObject(place);
        if (place.state === 'held') met.held += 1;
        if (place.state === 'withdrawn') met.withdrawn += 1;
      }
      expect(hall.log.rows('SELECT ratingId FROM service WHERE serviceId = ?', serviceId)).toEqual([
        { ratingId: should.standing },
      ]);
      for (const code of Object.values(should.aside)) {
        if (code === 'rating-displaced') met.displaced += 1;
        if (code === 'rating-replaced') met.replaced += 1;
      }
    }),
    { numRuns: RUNS },
  );
  for (const total of Object.values(met)) expect(total).toBeGreaterThan(5);
  expect(hall.log.setAside()).toEqual([]);
  const { faults, chains } = hall.verified();
  expect([faults, chains.filter(({ ok }) => !ok)]).toEqual([[], []]);
}, 60_000);
