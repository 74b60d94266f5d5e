import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hasSentence, refusalSentence } from '../../gateway/rate/refusal-words.js';
import type { RateDoor } from '../../gateway/rate/rate-door.js';
import { TrustedProxies } from '../../gateway/rate/trusted-proxies.js';
import { ERRORS, isErrorCode, type ErrorCode } from '../../protocol/index.js';
import { nodeRandomness } from '../../protocol/runtime/node-suite.js';
import { PageHall } from './page-hall.js';

const newId = () => nodeRandomness.newId();

/** A door whose next room fails with what it was told. */
const failing = (door: RateDoor): RateDoor => ({
  look: (pass, caller) =>
    caller.actId === undefined ? door.look(pass, caller) : Promise.reject(new Error('the disk is gone')),
  rate: (pass, act, caller) => door.rate(pass, act, caller),
});

test('no line of the log, no document and no referrer has the code, the words or the level; only its own cookie names its place', async () => {
  const hall = await PageHall.open({ before: failing });
  const token = await hall.serve('s-1');
  const words = '不要写进日志';
  const answers = [
    await hall.get(token),
    await hall.get(token, {}, '?lang=en&change=1'),
    await hall.post(token, { id: newId(), level: '1', reason: '115', text: words }),
    await hall.post(token, { id: newId(), level: '1', text: words }),
    await hall.get(token, { cookie: `pjq-act=${newId()}` }),
    await hall.get(`${token}%`),
    await hall.get(`${token}/more`),
    await hall.get(token.slice(0, 40)),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 409, 500, 400, 404, 400]);
  for (const { text, headers } of answers) {
    expect(text).not.toContain(token.slice(0, 40));
    expect(text).not.toContain(words);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-/,
    );
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
    const named = [...headers].filter(([, value]) => value.includes(token.slice(0, 40))).map(([name]) => name);
    expect(named.filter((name) => name !== 'set-cookie')).toEqual([]);
  }
  const lines = hall.logLines.join('');
  expect(hall.logLines.length).toBeGreaterThanOrEqual(8);
  expect(lines).toContain('the disk is gone');
  for (const secret of [token.slice(0, 30), words, '115', '"level":1', 's-1']) expect(lines).not.toContain(secret);
  expect(lines).toContain('"route":"/r/:pass"');
});

test('every code that the port names has a sentence of its own, in both languages', () => {
  const named: ErrorCode[] = [
    'rating-window-over',
    'service-taken-back',
    'service-ungranted',
    'service-already-rated',
    'change-too-late',
    'reason-unknown',
    'request-malformed',
    'text-refused',
    'peer-too-fast',
    'store-full',
    ...Object.keys(ERRORS).filter(
      (code): code is ErrorCode => isErrorCode(code) && /^(?:token|window-(?:code|pass))-/.test(code),
    ),
  ];
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((code) => !hasSentence(code))).toEqual([]);
  for (const code of named) {
    expect(refusalSentence(code, 'zh'), code).toMatch(/^\p{Script=Han}[^a-z]+。$/u);
    expect(refusalSentence(code, 'en'), code).toMatch(/^[A-Z][\x20-\x7e]+\.$/);
  }
});

test('a code that is asked for without end is held up alone: the other slips of the same hall go on', async () => {
  const hall = await PageHall.open({ limits: { perService: { perSecond: 0.001, burst: 4 } } });
  const [busy, other] = [await hall.serve('s-1'), await hall.serve('s-2')];
  const statuses: number[] = [];
  for (let n = 0; n < 8; n += 1) statuses.push((await hall.get(busy)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  expect((await hall.post(other, { id: newId(), level: '5' })).status).toBe(200);
});

test('a flood of made-up codes gets the shortest answer and leaves nothing; good codes from the same address are served', async () => {
  const hall = await PageHall.open({ limits: { refusedPerAddress: { perSecond: 0.001, burst: 9 } } });
  const token = await hall.serve('s-1');
  const before = hall.log.total('entry');
  const madeUp = (n: number) => `${token.slice(0, 20)}${String(n).padStart(3, '0')}${token.slice(23)}`;
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => hall.get(madeUp(n))));
  expect(answers.filter(({ status }) => status === 403)).toHaveLength(10);
  const short = answers.filter(({ status, text }) => status === 429 && text === '');
  expect(short).toHaveLength(190);
  expect(hall.logLines.filter((line) => line.includes('bad peer'))).toHaveLength(1);
  expect(hall.logLines.length).toBeLessThan(20);
  expect((await hall.post(token, { id: newId(), level: '5' })).status).toBe(200);
  // Refused codes are counted by the minute, not written one by one.
  expect(hall.log.total('entry') - before).toBeLessThan(6);
});

test('an address that asks for many good codes is held up, and no other address with it', async () => {
  const hall = await PageHall.open({
    limits: { perAddress: { perSecond: 0.001, burst: 3 } },
    trustedProxies: ['127.0.0.1'],
  });
  const tokens = await Promise.all(Array.from({ length: 7 }, (_, n) => hall.serve(`s-${n}`)));
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const statuses: number[] = [];
  for (const token of tokens) statuses.push((await hall.get(token, from('198.51.100.7'))).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429, 429, 429]);
  expect((await hall.get(tokens[0] ?? '', from('198.51.100.8'))).status).toBe(200);
  // What somebody writes before the proxy's own word names nobody.
  expect((await hall.get(tokens[1] ?? '', from('203.0.113.1, 198.51.100.7'))).status).toBe(429);
});

test.each<readonly [string, readonly string[], string, string | undefined, string]>([
  ['nobody is trusted', [], '198.51.100.1', '1.2.3.4', '198.51.100.1'],
  ['a proxy tells', ['198.51.100.1'], '::ffff:198.51.100.1', '1.2.3.4', '1.2.3.4'],
  ['two proxies tell', ['10.0.0.0/8', '2001:db8::/32'], '2001:db8::5', '6.6.6.6, 1.2.3.4, 10.9.8.7', '1.2.3.4'],
  ['a proxy tells nothing', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
  ['a proxy tells nonsense', ['10.0.0.1'], '10.0.0.1', 'unknown', '10.0.0.1'],
])('who asks, where %s', (_, proxies, peer, forwarded, caller) => {
  expect(new TrustedProxies(proxies).callerOf(peer, forwarded)).toBe(caller);
});

test('it is packed where the browser takes that, and the same page otherwise', async () => {
  const hall = await PageHall.open();
  const token = await hall.serve('s-1');
  const plain = (await hall.get(token, { 'accept-encoding': 'identity' })).text;
  const { request } = await import('undici');
  const { headers, body } = await request(hall.address(token), { headers: { 'accept-encoding': 'gzip' } });
  const bytes = Buffer.from(await body.arrayBuffer());
  expect(headers['content-encoding']).toBe('gzip');
  const sameAct = (text: string) => text.replace(/value="[\w-]{11}"/, '');
  expect(sameAct(gunzipSync(bytes).toString())).toBe(sameAct(plain));
  expect(bytes.length).toBeLessThan(10_000);
});
