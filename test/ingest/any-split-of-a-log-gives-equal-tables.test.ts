/**
 * However a log is cut into batches, however these are gathered into groups, whatever comes twice or out of order: the
 * tables are those that entry after entry, each committed alone, would have left.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REASONS_VERSION, type Level } from '../../protocol/index.js';
import { generateLogKey } from '../../protocol/runtime/node-suite.js';
import { HallLog } from './hall-log.js';
import { TerminalChain } from './terminal-chain.js';

type Deed =
  | { readonly do: 'open' | 'close'; readonly service: number }
  | { readonly do: 'press' | 'rate'; readonly service: number; readonly press: number; readonly wrong: boolean }
  | { readonly do: 'serve' | 'serve twice'; readonly service: number; readonly press: number }
  | { readonly do: 'reasons'; readonly service: number; readonly press: number; readonly right: boolean }
  | { readonly do: 'duty'; readonly on: boolean }
  | { readonly do: 'fault'; readonly state: 'connected' | 'lost' }
  | { readonly do: 'check'; readonly id: number }
  | { readonly do: 'nonsense'; readonly how: 'kind' | 'body' | 'place' | 'bytes' };

const service = fc.nat({ max: 3 });
const press = fc.nat({ max: 3 });
const LEVELS: readonly Level[] = [5, 1, 4, 5];
const levelOf = (one: { press: number; wrong?: boolean }): Level =>
  one.wrong === true ? 2 : (LEVELS[one.press] as Level);
/** Few services and presses, so that deeds meet: rated twice, pressed before it was opened, reasons of another press. */
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('open' as const, 'close' as const), service }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('press' as const, 'rate' as const),
      service,
      press,
      wrong: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('serve' as const), service, press }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('serve twice' as const), service, press }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reasons' as const), service, press, right: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('duty' as const), on: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('fault' as const), state: fc.constantFrom('connected', 'lost') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('check' as const), id: fc.nat({ max: 1 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('nonsense' as const),
      how: fc.constantFrom('kind', 'body', 'place', 'bytes'),
    }),
  },
);

/** How a log travels: parts of it that come first, anyhow; then lengths of its batches; how many make a group. */
const journey = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
  anyhow: fc.array(
    fc.record({
      log: fc.nat({ max: 1 }),
      from: fc.integer({ min: 1, max: 40 }),
      length: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 4, maxLength: 14 },
  ),
  groups: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
});

const id = (kind: string, n: number) => `${kind}${n}`.padEnd(11, '0');

function write(chain: TerminalChain, name: string, one: Deed): void {
  const serviceId = 'service' in one ? `${name}-s${one.service}` : '';
  const pressId = 'press' in one ? id(`p${name}`, one.press) : '';
  switch (one.do) {
    case 'open':
      return void chain.opened(serviceId);
    case 'close':
      return void chain.append('unrated', { serviceId, cause: 'time-over' });
    case 'press':
      return void chain.press(serviceId, levelOf(one), pressId);
    case 'rate':
      return void chain.rating(serviceId, levelOf(one), pressId);
    case 'serve':
      chain.opened(serviceId);
      chain.press(serviceId, levelOf(one), pressId);
      return void chain.rating(serviceId, levelOf(one), pressId);
    case 'serve twice':
      write(chain, name, { ...one, do: 'serve' });
      return write(chain, name, { ...one, do: 'serve', press: (one.press + 1) % LEVELS.length });
    case 'reasons':
      return void chain.append('reasons', {
        serviceId,
        pressId,
        codes: one.right ? ['510'] : ['108', '109'],
        list: REASONS_VERSION,
      });
    case 'duty':
      return void chain.append(one.on ? 'duty.on' : 'duty.off', { staffNo: '1001' });
    case 'fault':
      return void chain.append('fault', { part: 'printer', state: one.state });
    case 'check':
      return void chain.append('selfcheck', { id: id(`c${name}`, one.id), result: 'pass', startedAt: 1, items: [] });
    case 'nonsense':
      if (one.how === 'bytes') return void chain.appendBytes(Uint8Array.of(0xff, 0xfe, 0x20));
      if (one.how === 'place') return void chain.appendAnything({ seq: 999, kind: 'resume', body: {} });
      if (one.how === 'body') return void chain.appendAnything({ kind: 'press', body: { level: 9 } });
      return void chain.appendAnything({ kind: 'tomorrow', body: { what: 1 } });
  }
}

/** Everything that stands, without what counts rows by arrival. */
function tables(hall: HallLog): Record<string, unknown> {
  const place = (column: string) =>
    `(SELECT source || ' ' || epoch.epoch || ' ' || seq FROM entry JOIN epoch ON epoch.id = epochId WHERE entry.id = ${column})`;
  return {
    entries: hall.rows(
      "SELECT source, epoch.epoch, seq, kind, hex(bytes), hex(hash) FROM entry JOIN epoch ON epoch.id = epochId WHERE source NOT LIKE '%@%' ORDER BY source, seq",
    ),
    epochs: hall.rows(
      "SELECT source, epoch, throughSeq, hex(headHash), signedSeq, hex(signature), stopped FROM epoch WHERE source NOT LIKE '%@%' ORDER BY source",
    ),
    services: hall.rows('SELECT * FROM service ORDER BY serviceId'),
    presses: hall.rows(
      `SELECT pressId, serviceId, level, at, bootId, monoMs, receivedAt, reasons, ${place('entryId')} AS place FROM press ORDER BY pressId`,
    ),
    ratings: hall.rows(
      `SELECT ratingId, serviceId, level, channel, cause, at, correctedLowMs, correctedHighMs, latestMs, ${place('entryId')} AS place FROM rating ORDER BY ratingId`,
    ),
    beside: hall.rows(
      `SELECT ratingId, serviceId, level, channel, cause, at, correctedLowMs, correctedHighMs, latestMs, code, ${place('entryId')} AS place FROM aside ORDER BY ratingId`,
    ),
    queue: hall.rows('SELECT * FROM forward ORDER BY ratingId'),
    parts: hall.rows('SELECT * FROM part ORDER BY terminal, part'),
    checks: hall.rows('SELECT * FROM selfCheck ORDER BY checkId'),
    duties: hall.rows('SELECT terminal, duty FROM terminal ORDER BY terminal'),
    setAside: hall.rows(`SELECT code, detail, ${place('entryId')} AS place FROM quarantine ORDER BY place`),
    pending: hall.rows('SELECT source, firstSeq FROM pending'),
    alarms: hall.rows('SELECT code, subject, detail FROM alarm ORDER BY subject, detail'),
  };
}

test('any split of a log into batches and groups, in any order of arrival, gives equal tables', async () => {
  const together = await HallLog.open();
  const alone = await HallLog.open();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(deed, { minLength: 1, maxLength: 18 }), { minLength: 1, maxLength: 2 }),
      journey,
      async (logs, { lengths, anyhow, groups }) => {
        run += 1;
        const batches: (readonly [string, Uint8Array])[] = [];
        const chains: TerminalChain[] = [];
        for (const [n, deeds] of logs.entries()) {
          const name = `t${run}-${n}`;
          const chain = new TerminalChain({ terminal: name, key: generateLogKey() });
          for (const hall of [together, alone]) await hall.registry.addTerminal(name, '1', chain.key.publicKey);
          chains.push(chain);
          chain.first();
          for (const one of deeds) write(chain, name, one);
          for (let seq = 1; seq <= chain.headSeq; seq += 1) await alone.send(chain, chain.batch(seq, seq));
          for (let from = 1, at = 0; from <= chain.headSeq; at += 1) {
            const last = Math.min(chain.headSeq, from + (lengths[at % lengths.length] ?? 1) - 1);
            batches.push([name, chain.batch(from, last)]);
            from = last + 1;
          }
        }
        // First parts that overlap, come twice or leave something out; then all in order, as terminals do without an answer.
        const parts = anyhow.flatMap(({ log, from, length }): (readonly [string, Uint8Array])[] => {
          const chain = chains[log];
          if (chain === undefined || from > chain.headSeq) return [];
          return [[chain.terminal, chain.batch(from, Math.min(chain.headSeq, from + length - 1))]];
        });
        const arrivals = [...parts, ...batches];
        for (let from = 0, at = 0; from < arrivals.length; at += 1) {
          const size = groups[at % groups.length] ?? 1;
          await together.arrive(...arrivals.slice(from, from + size));
          from += size;
        }
        expect(tables(together)).toEqual(tables(alone));
      },
    ),
    { numRuns: 25 },
  );
  // The property means something only where all of it was met.
  expect(together.total('rating')).toBeGreaterThan(5);
  expect(together.total('aside')).toBeGreaterThan(2);
  expect(together.total('quarantine')).toBeGreaterThan(10);
}, 60_000);
