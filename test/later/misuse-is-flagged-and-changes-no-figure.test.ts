import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { callerMarks, PRIVATE_NETWORKS } from '../../gateway/misuse/caller-marks.js';
import { clearFlag } from '../../gateway/misuse/flag-book.js';
import { Misuse } from '../../gateway/misuse/misuse.js';
import { Sightings } from '../../gateway/misuse/sightings.js';
import { openPageKey } from '../../gateway/rate/page-key.js';
import type { Caller } from '../../gateway/rate/rate-door.js';
import type { Level } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { quiet } from '../ingest/hall-log.js';
import type { TerminalChain } from '../ingest/terminal-chain.js';
import { DAY_MS, opened, POLICY, RatedHall, repaired } from '../rules/rated-hall.js';

const CLERK: Caller = { address: '203.0.113.77', device: 'clerks-own-phone' };

let hall: RatedHall;
let chain: TerminalChain;
let sightings: Sightings;
let misuse: Misuse;
let sent = 0;
beforeEach(async () => {
  hall = await RatedHall.open();
  chain = await hall.terminal();
  // Opened before noon, so that all of a test is one day of the hall.
  watch();
  sent = 0;
});

function watch(): void {
  const { store, clock, folder } = hall.log;
  const digest = openPageKey(folder);
  sightings = new Sightings({ store, clock, marksOf: callerMarks(digest), logger: quiet });
  misuse = new Misuse({ store, suite: nodeSuite, clock, policy: POLICY, sightings, logger: quiet });
}

/** The terminal hears the hall's time, so that its own can be corrected; then it tells what it has. */
async function told(): Promise<void> {
  const mono = chain.clock.monoMs();
  const echo = { gatewayTime: hall.log.clock.wallMs(), mono };
  const time = { bootId: chain.bootId, mono, at: chain.clock.wallMs(), echo };
  await hall.log.send(chain, chain.batch(sent + 1, chain.headSeq, { time }));
  sent = chain.headSeq;
}

/** Serves, prints, and somebody rates by the slip a while later. */
async function serve(
  serviceId: string,
  caller: Caller,
  { afterMs = 90_000, level = 5 }: { afterMs?: number; level?: Level } = {},
): Promise<string> {
  opened(chain, serviceId);
  chain.append('receipt', { serviceId, copy: 1, occasion: 'opened', state: 'queued' });
  hall.advance(1_000, chain);
  chain.append('receipt', { serviceId, copy: 1, occasion: 'opened', state: 'printed' });
  await told();
  hall.advance(afterMs, chain);
  const { ratingId } = await hall.rate({ serviceId, level });
  sightings.note(ratingId, caller);
  hall.advance(60_000, chain);
  return ratingId;
}

const flags = () =>
  hall.log.rows<{ flag: string; subject: string; evidence: string; clearedAt: number | null }>(
    'SELECT flag, subject, evidence, clearedAt FROM flag ORDER BY flag',
  );
const clear = async (flag: string) => {
  const [{ id } = { id: 0 }] = hall.log.rows<{ id: number }>(`SELECT id FROM flag WHERE flag = '${flag}'`);
  await clearFlag(hall.log.store, id, 'wang.wu');
};
const somebody = (n: number): Caller => ({ address: `198.51.${n}.9`, device: `phone-${n}` });
const figures = () =>
  ['rating', 'aside', 'forward', 'service'].map((table) => hall.log.rows(`SELECT * FROM ${table} ORDER BY 1`));

test('a clerk who scans the slips of a window: flagged with the acts, and every one of them counts as before', async () => {
  const acts: string[] = [];
  for (let n = 0; n < 4; n += 1) acts.push(await serve(`s-${n}`, CLERK));
  await serve('s-other', somebody(1));
  const before = figures();
  await misuse.look();
  expect(flags()).toMatchObject([{ flag: 'device-at-one-window', clearedAt: null }]);
  const [{ evidence = '', subject = '' } = {}] = flags();
  expect(evidence).toBe(`4 services within 8 min: ${acts.join(' ')}`);
  expect(subject).toMatch(/^window 1, \d{4}-\d\d-\d\d, from /);
  expect(figures()).toEqual(before);
  expect(hall.log.ownBodies('flag.raised')).toEqual([{ flag: 'device-at-one-window', subject, evidence }]);
  expect(hall.verified()).toMatchObject({ ok: true, faults: [] });
});

test('it is told once, again when it has doubled, and stays cleared until then', async () => {
  for (let n = 0; n < 4; n += 1) await serve(`s-${n}`, CLERK);
  await misuse.look();
  for (const { flag } of flags()) await clear(flag);
  for (let n = 4; n < 7; n += 1) await serve(`s-${n}`, CLERK);
  await misuse.look();
  await misuse.look();
  expect(flags().filter(({ flag }) => flag === 'device-at-one-window')).toMatchObject([
    { clearedAt: expect.any(Number) },
  ]);
  await serve('s-7', CLERK);
  await misuse.look();
  const [flag] = flags().filter(({ flag: name }) => name === 'device-at-one-window');
  expect(flag).toMatchObject({ clearedAt: null, evidence: expect.stringMatching(/^8 services/) });
});

test('codes that are used as soon as they are out, in a row, by whoever it is', async () => {
  for (let n = 0; n < 3; n += 1) await serve(`s-${n}`, somebody(n), { afterMs: 12_000 });
  await misuse.look();
  expect(flags()).toMatchObject([{ flag: 'used-at-once', evidence: expect.stringMatching(/^3 services/) }]);
});

test('what a restart has read of the slips is read again', async () => {
  for (let n = 0; n < 2; n += 1) await serve(`s-${n}`, somebody(n), { afterMs: 12_000 });
  await misuse.look();
  expect(flags()).toEqual([]);
  await misuse.stop();
  watch();
  await serve('s-2', somebody(2), { afterMs: 12_000 });
  await misuse.look();
  expect(flags()).toMatchObject([{ flag: 'used-at-once' }]);
});

test.each([1, 5] as const)('no flag depends on a level (all %s)', async (level) => {
  for (let n = 0; n < 4; n += 1) await serve(`s-${n}`, CLERK, { level });
  await misuse.look();
  expect(flags().map(({ flag, evidence }) => [flag, evidence.replace(/:.*/, '')])).toEqual([
    ['device-at-one-window', '4 services within 8 min'],
  ]);
});

test('neither address nor device stands anywhere; digests go with the days of the policy, flags stay', async () => {
  for (let n = 0; n < 4; n += 1) await serve(`s-${n}`, CLERK);
  await misuse.look();
  for (const name of readdirSync(hall.log.folder)) {
    const bytes = readFileSync(join(hall.log.folder, name));
    expect(bytes.includes(CLERK.address)).toBe(false);
    expect(bytes.includes(CLERK.device)).toBe(false);
  }
  expect(hall.log.total('sighting')).toBe(4);
  hall.log.clock.advance(POLICY.ratingWindowDays * DAY_MS);
  await misuse.look();
  expect(hall.log.total('sighting')).toBe(4);
  hall.log.clock.advance(2 * DAY_MS);
  await misuse.look();
  expect(hall.log.total('sighting')).toBe(0);
  expect(flags()).toHaveLength(1);
});

test('a hall that is made anew from its entries has its flags, cleared ones cleared', async () => {
  for (let n = 0; n < 4; n += 1) await serve(`s-${n}`, CLERK);
  for (let n = 4; n < 7; n += 1) await serve(`s-${n}`, somebody(n), { afterMs: 12_000 });
  await misuse.look();
  expect(flags().map(({ flag }) => flag)).toEqual(['device-at-one-window', 'used-at-once']);
  await clear('used-at-once');
  const before = flags();
  // One row is lost; its entry is not.
  hall.log.run("DELETE FROM flag WHERE flag = 'device-at-one-window'");
  const again = await repaired(hall);
  expect(again.log.rows('SELECT flag, subject, evidence, clearedAt FROM flag ORDER BY flag')).toEqual(before);
  expect(again.log.total('sighting')).toBe(7);
});

test.each([
  ['192.168.3.4', true],
  ['::ffff:10.1.2.3', true],
  ['fd00::1', true],
  ['203.0.113.7', false],
  ['2001:db8::1', false],
])('%s is of a network of the hall: %s', (address, inHall) => {
  const digest = openPageKey(hall.log.folder);
  expect(callerMarks(digest)({ address, device: 'x' }).inHall).toBe(inHall);
  expect(
    callerMarks(digest, [...PRIVATE_NETWORKS, '203.0.113.0/24', '2001:db8::1'])({ address, device: 'x' }).inHall,
  ).toBe(true);
});

test('neighbours are one block, one phone at two addresses is two devices, and no digest is readable', () => {
  const marks = callerMarks(openPageKey(hall.log.folder));
  const [one, two] = [marks(CLERK), marks({ ...CLERK, address: '203.0.113.78' })];
  expect(one.block).toBe(two.block);
  expect(one.device).not.toBe(two.device);
  expect(marks({ ...CLERK, address: '203.0.114.77' }).block).not.toBe(one.block);
  const [six, seven] = ['2001:db8:0:1::1', '2001:db8:0:1:ffff::2'].map((address) => marks({ ...CLERK, address }));
  expect(six?.block).toBe(seven?.block);
  expect(marks({ ...CLERK, address: '2001:db8:0:2::1' }).block).not.toBe(six?.block);
});
