import { performance } from 'node:perf_hooks';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHallFile } from '../../device/hall-file.js';
import { isPinHash, pinHash, pinMatches } from '../../device/local/pin.js';
import { PjqError } from '../../protocol/index.js';
import { testFolder } from '../device-log/log-at-work.js';
import { atWork, expectProblem } from './local-at-work.js';

const PIN = '482913';
const BADGE = '0012345678';
const hash = await pinHash(PIN);
const HALL = `
staff:
  - { staffNo: A1, name: 李明, pin: ${hash}, badge: "${BADGE}" }
  - { staffNo: B2, name: 王芳 }
  - { staffNo: C3, name: 赵强, pin: ${await pinHash('1111')} }
`;

async function signOnAtWork(hallYaml = HALL) {
  const work = await atWork({ hallYaml });
  const signOn = (body: unknown) => work.call('POST', '/v1/duty', { as: 'staff', body });
  const onDuty = () => work.counter.snapshot().staffNo;
  return { ...work, signOn, onDuty };
}

describe('signing on', () => {
  it('takes the PIN of who has one, and the number alone of who has none', async () => {
    const { signOn, onDuty, call } = await signOnAtWork();
    expectProblem(await signOn({ staffNo: 'A1' }), 403, 'pin-wrong');
    expectProblem(await signOn({ staffNo: 'A1', pin: '482914' }), 403, 'pin-wrong');
    expectProblem(await signOn({ staffNo: 'C3', pin: PIN }), 403, 'pin-wrong');
    expect(onDuty()).toBeUndefined();
    expect((await signOn({ staffNo: 'A1', pin: PIN })).status).toBe(200);
    expect(onDuty()).toBe('A1');
    expect((await signOn({ staffNo: 'B2' })).status).toBe(200);
    expect(onDuty()).toBe('B2');
    expectProblem(await signOn({ staffNo: 'Z9', pin: PIN }), 404, 'staff-unknown');
    const { roster } = (await call('GET', '/v1/desk', { as: 'staff' })).json;
    expect(roster).toEqual([
      { staffNo: 'A1', name: '李明', post: null, pin: true },
      { staffNo: 'B2', name: '王芳', post: null, pin: false },
      { staffNo: 'C3', name: '赵强', post: null, pin: true },
    ]);
  });

  it('takes a badge', async () => {
    const { signOn, onDuty } = await signOnAtWork();
    expectProblem(await signOn({ badge: '0012345679' }), 404, 'staff-unknown');
    expect((await signOn({ badge: BADGE })).status).toBe(200);
    expect(onDuty()).toBe('A1');
    for (const body of [
      { badge: 'abc' },
      { badge: BADGE, staffNo: 'A1' },
      { badge: BADGE, pin: PIN },
      {},
      { pin: PIN },
    ])
      expectProblem(await signOn(body), 400, 'request-malformed');
  });

  it('is any number where there is no roster', async () => {
    const { signOn, onDuty } = await signOnAtWork('staff: []\n');
    expect((await signOn({ staffNo: 'X7' })).status).toBe(200);
    expect(onDuty()).toBe('X7');
  });

  it('locks a number for a minute after five wrong PINs in a row, also when they come at once, and no other', async () => {
    const { signOn, onDuty, time } = await signOnAtWork();
    for (let n = 0; n < 4; n += 1) expectProblem(await signOn({ staffNo: 'A1', pin: '0000' }), 403, 'pin-wrong');
    // The right one ends the row.
    expect((await signOn({ staffNo: 'A1', pin: PIN })).status).toBe(200);
    const together = await Promise.all(Array.from({ length: 12 }, () => signOn({ staffNo: 'C3', pin: '0000' })));
    expect(together.filter(({ status }) => status === 403)).toHaveLength(5);
    expect(together.filter(({ status }) => status === 429)).toHaveLength(7);
    expectProblem(await signOn({ staffNo: 'C3', pin: '1111' }), 429, 'pin-locked');
    expect((await signOn({ staffNo: 'A1', pin: PIN })).status).toBe(200);
    time.advance(59_999);
    expectProblem(await signOn({ staffNo: 'C3', pin: '1111' }), 429, 'pin-locked');
    time.advance(1);
    expect((await signOn({ staffNo: 'C3', pin: '1111' })).status).toBe(200);
    expect(onDuty()).toBe('C3');
    for (let n = 0; n < 5; n += 1) expectProblem(await signOn({ badge: `none-${n}` }), 404, 'staff-unknown');
    expectProblem(await signOn({ badge: BADGE }), 429, 'pin-locked');
    time.advance(60_000);
    expect((await signOn({ badge: BADGE })).status).toBe(200);
  });

  it('leaves neither PIN nor badge in an answer, a view, a log line or the log', async () => {
    const { signOn, call, lines, entries } = await signOnAtWork();
    const answers = [
      await signOn({ staffNo: 'A1', pin: PIN }),
      await signOn({ staffNo: 'A1', pin: `${PIN}9` }),
      await signOn({ badge: BADGE }),
      await signOn({ badge: `${BADGE}9` }),
      await signOn({ badge: BADGE, pin: PIN }),
      await call('GET', '/v1/desk', { as: 'staff' }),
      await call('GET', '/v1/screen', { as: 'kiosk' }),
    ];
    const all = [...answers.map(({ text }) => text), ...lines, JSON.stringify(entries())].join('\n');
    for (const secret of [PIN, BADGE, hash]) expect(all).not.toContain(secret);
  });

  it('of a stand-in is straight over the one on duty, in far less than ten seconds', async () => {
    const { signOn, onDuty, entries } = await signOnAtWork();
    await signOn({ staffNo: 'B2' });
    const beganMs = performance.now();
    await signOn({ staffNo: 'A1', pin: PIN });
    expect(performance.now() - beganMs).toBeLessThan(5_000);
    expect(onDuty()).toBe('A1');
    expect(entries().map(({ kind, body }) => [kind, body['staffNo']])).toEqual([
      ['duty.on', 'B2'],
      ['duty.off', 'B2'],
      ['duty.on', 'A1'],
    ]);
  });
});

describe('a shift that changes in the middle of a service', () => {
  it('leaves the citizen their session, and the service with who opened it', async () => {
    const { signOn, call, counter, board, book, time, entries } = await signOnAtWork();
    await signOn({ staffNo: 'B2' });
    await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '1', serviceId: 'S1' } });
    expect((await signOn({ staffNo: 'A1', pin: PIN })).status).toBe(200);
    const staffOf = async (path: string, as: 'kiosk' | 'staff') =>
      ((await call('GET', path, { as })).json['staff'] as { staffNo: string }).staffNo;
    expect(await staffOf('/v1/screen', 'kiosk')).toBe('B2');
    expect(await staffOf('/v1/desk', 'staff')).toBe('A1');
    board.press(4);
    expect(counter.choice()).toMatchObject({ level: 4 });
    time.advance(5_000);
    expect(book.service('S1')).toMatchObject({ staffNo: 'B2', rated: true });
    expect(counter.snapshot()).toMatchObject({ state: 'idle', staffNo: 'A1' });
    expect(await staffOf('/v1/screen', 'kiosk')).toBe('A1');
    await call('POST', '/v1/services', { as: 'staff', body: { caseNo: '2', serviceId: 'S2' } });
    expect(entries().map(({ kind, body }) => [kind, body['staffNo']])).toEqual([
      ['duty.on', 'B2'],
      ['service.opened', 'B2'],
      ['duty.off', 'B2'],
      ['duty.on', 'A1'],
      ['press', undefined],
      ['rating', undefined],
      ['service.opened', 'A1'],
    ]);
  });

  it('is the same after the program died and started again', async () => {
    const work = await signOnAtWork();
    await work.signOn({ staffNo: 'B2' });
    await work.call('POST', '/v1/services', { as: 'staff', body: { caseNo: '1', serviceId: 'S1' } });
    await work.signOn({ staffNo: 'A1', pin: PIN });
    const next = work.restart();
    expect(next.counter.snapshot()).toMatchObject({ state: 'invited', staffNo: 'B2', relief: 'A1' });
    next.board.press(3);
    next.time.advance(5_000);
    expect(next.counter.snapshot()).toMatchObject({ state: 'idle', staffNo: 'A1' });
    expect(next.book.service('S1')).toMatchObject({ staffNo: 'B2', rated: true });
  });
});

describe('a PIN', () => {
  it('is kept as a hash that no two members share, and that another machine can check', async () => {
    expect(hash).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await pinHash(PIN)).not.toBe(hash);
    expect(await pinMatches(PIN, hash)).toBe(true);
    expect(await pinMatches('482914', hash)).toBe(false);
    // RFC 7914, section 12: N 16384, r 8, p 1, the first 32 of its 64 bytes.
    const key = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex');
    const salt = Buffer.from('SodiumChloride').toString('base64url');
    expect(await pinMatches('pleaseletmein', `scrypt$16384$8$1$${salt}$${key.toString('base64url')}`)).toBe(true);
  });

  it('has 4 to 12 digits; a hash asks no more of this machine than it has', async () => {
    for (const pin of ['123', '1234567890123', '12a4', '']) await expect(pinHash(pin)).rejects.toThrow(RangeError);
    for (const text of [
      PIN,
      hash.replace('16384', '16385'),
      hash.replace('16384', '1048576'),
      hash.replace('$8$', '$0$'),
      hash.slice(0, -1),
      hash.replace('scrypt', 'bcrypt'),
    ])
      expect(isPinHash(text)).toBe(false);
  });

  it('or badge that is wrong in the hall file is told without its value', () => {
    const folder = testFolder();
    const file = join(folder, 'hall.yaml');
    writeFileSync(
      file,
      `staff:
  - { staffNo: A1, name: a, pin: 7391, badge: 12345678 }
  - { staffNo: A2, name: b, pin: "739105", badge: "9876543" }
  - { staffNo: A3, name: c, badge: "9876543" }
`,
    );
    let told = '';
    try {
      readHallFile(file);
    } catch (error) {
      told = error instanceof PjqError ? error.message : '';
    }
    const faults = told.split('\n').slice(1);
    expect(faults.map((fault) => /staff\.\d\.\w+/.exec(fault)?.[0])).toEqual([
      'staff.0.pin',
      'staff.0.badge',
      'staff.1.pin',
      'staff.2.badge',
    ]);
    expect(told).not.toMatch(/7391|12345678|9876543/);
  });
});
