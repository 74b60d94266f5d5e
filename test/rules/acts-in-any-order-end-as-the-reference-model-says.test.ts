/**
 * Services rated by several ways, heard of in random order and in random batches, through the real projection: what then
 * stands in the tables is what the reference model says of the acts as they were timed.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import type { Level } from '../../protocol/index.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { MINUTE_MS, opened, POLICY, pressed, RatedHall } from './rated-hall.js';
import { model, type Happening, type ModelAct } from './reference-model.js';

const RUNS = 200;

/** What happens in a service, one after the other; the terminal is heard of only when it `sends`. */
const deed = fc.constantFrom('press', 'press', 'unrated', 'other', 'other', 'unverified', 'send', 'wait');
const history = fc.record({
  deeds: fc.array(deed, { minLength: 2, maxLength: 10 }),
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
  isClockKnown: fc.boolean(),
});

interface Row {
  readonly ratingId: string;
  readonly channel: string;
  readonly verified: number;
  readonly correctedLowMs: number | null;
  readonly latestMs: number;
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

test('services that are rated by several ways end as the reference model says', async () => {
  const hall = await RatedHall.open();
  const met = { displaced: 0, held: 0, withdrawn: 0 };
  await fc.assert(
    fc.asyncProperty(history, async ({ deeds, sizes, isClockKnown }) => {
      const serviceId = `s-${nodeRandomness.newId()}`;
      const chain = await hall.terminal();
      opened(chain, serviceId);
      await hall.log.send(chain, chain.batch());
      let sent = chain.headSeq;
      for (const [n, one] of deeds.entries()) {
        hall.advance(MINUTE_MS, chain);
        const level = ((n % 5) + 1) as Level;
        if (one === 'press') pressed(chain, serviceId, level);
        else if (one === 'unrated') chain.append('unrated', { serviceId, cause: 'time-over' });
        else if (one === 'other' || one === 'unverified')
          await hall.rate({ serviceId, level, verified: one === 'other' });
        else if (one === 'send') {
          await send(hall, chain, sent + 1, sizes, isClockKnown);
          sent = chain.headSeq;
        }
      }
      await send(hall, chain, sent + 1, sizes, isClockKnown);

      const happened: (Happening & { entryId: number })[] = hall.log
        .rows<Row>(
          `SELECT ratingId, channel, verified, correctedLowMs, latestMs, entryId FROM rating WHERE serviceId = ?
           UNION ALL SELECT ratingId, channel, verified, correctedLowMs, latestMs, entryId FROM aside WHERE serviceId = ?`,
          serviceId,
          serviceId,
        )
        .map(({ ratingId, channel, verified, correctedLowMs, latestMs, entryId }) => ({
          what: 'act',
          entryId,
          act: {
            id: ratingId,
            byTerminal: channel === 'window',
            verified: verified === 1,
            lowMs: correctedLowMs,
            latestMs,
          } satisfies ModelAct,
        }));
      const [ended] = hall.log.rows<{ id: number | null }>(
        `SELECT min(entry.id) AS id FROM entry JOIN epoch ON epoch.id = epochId
         WHERE source = ? AND kind IN ('rating', 'unrated')`,
        chain.source,
      );
      if (ended?.id != null) happened.push({ what: 'covered', entryId: ended.id - 0.5 });
      happened.sort((a, b) => a.entryId - b.entryId);
      const acts = deeds.filter((one) => one === 'press' || one === 'other' || one === 'unverified').length;
      expect(happened.filter(({ what }) => what === 'act')).toHaveLength(acts);

      const should = model(happened, { opens: POLICY.stages.completion.opens !== 'nothing', daysEndMs: null });
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
      met.displaced += Object.values(should.aside).filter((code) => code === 'rating-displaced').length;
    }),
    { numRuns: RUNS },
  );
  for (const total of Object.values(met)) expect(total).toBeGreaterThan(5);
  const { faults, chains } = hall.verified();
  expect([faults, chains.filter(({ ok }) => !ok)]).toEqual([[], []]);
}, 60_000);
