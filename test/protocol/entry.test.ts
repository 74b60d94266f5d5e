import { expect, test } from 'vitest';
import {
  encodeEntry,
  encodeEntryAgain,
  entryBodies,
  isKnownKind,
  MAX_ENTRY_BYTES,
  parseEntry,
  PjqError,
  readBody,
  type Entry,
  type EntryBody,
  type EntryKind,
} from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { entryOf, EPOCH, ratedService, SOURCE } from './sample-log.js';

const text = (bytes: Uint8Array) => nodeSuite.utf8Decode(bytes);
const press: EntryBody<'press'> = { id: 'press000001', serviceId: 'S-1', level: 5, via: 'key' };
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof PjqError ? error.code : String(error);
  }
  return 'taken';
};
const place = { source: SOURCE, epoch: EPOCH, seq: 1, at: 1, bootId: 'boot-000001', mono: 1, clock: 'synced' } as const;

test('an entry reads back as it was written, and is one line', () => {
  const [opened] = ratedService(1);
  const entry = parseEntry(nodeSuite, opened as Uint8Array);
  expect(entry).toMatchObject({ source: SOURCE, epoch: EPOCH, seq: 1, kind: 'service.opened', clock: 'synced' });
  expect(readBody(entry, 'service.opened')).toMatchObject({ caseNo: '办件〔2026〕1号', staffNo: '1024' });
  const lines = entryOf(1, 'pause', { reason: 'first\nsecond\r\u2028third' });
  expect(lines.includes(0x0a)).toBe(false);
  expect(readBody(parseEntry(nodeSuite, lines), 'pause').reason).toBe('first\nsecond\r\u2028third');
});

test('the same entry makes the same bytes, in one order of keys', () => {
  const { via, level, serviceId, id } = press;
  expect(text(entryOf(1, 'press', { via, level, serviceId, id }))).toBe(text(entryOf(1, 'press', press)));
  expect(text(entryOf(1, 'press', press))).toBe(
    '{"source":"hall-1/window-07","epoch":"epoch-00001","seq":1,"kind":"press","at":1790000001000,"bootId":"boot-000001",' +
      '"mono":1000,"clock":"synced","body":{"id":"press000001","serviceId":"S-1","level":5,"via":"key"}}',
  );
});

test('what is not of its kind is never written', () => {
  const wrong: [EntryKind, unknown][] = [
    ['press', { ...press, level: 6 }],
    ['press', { ...press, level: '5' }],
    ['press', { ...press, level: undefined }],
    ['press', { ...press, id: 'too-short' }],
    ['press', { ...press, serviceId: 'has a space' }],
    ['press', { ...press, via: 'phone' }],
    ['rating', { id: press.id, serviceId: 'S-1', level: 5, cause: 'default' }],
    ['unrated', { serviceId: 'S-1' }],
    ['service.opened', { serviceId: 'S-1', caseNo: 'a\u0007b', stage: 'completion', origin: 'local', policy: 'p' }],
    [
      'service.opened',
      { serviceId: 'S-1', caseNo: '号'.repeat(51), stage: 'completion', origin: 'local', policy: 'p' },
    ],
    ['checkpoint', { seq: 0, hash: 'x', keyId: 'y', sig: '' }],
    ['resume', null],
  ];
  for (const [kind, body] of wrong) {
    const write = () => encodeEntry(nodeSuite, { ...place, kind, body: body as EntryBody<typeof kind> });
    expect(codeOf(write), `${kind} ${JSON.stringify(body)}`).toBe('meaning-malformed');
  }
});

test('a field that a body does not have never reaches bytes: no evaluator in any entry (I7)', () => {
  const evaluator = { name: '张三', document: '110101199003070011', phone: '13800138000' };
  const opened = {
    serviceId: 'S-1',
    caseNo: 'C-1',
    stage: 'completion',
    origin: 'command',
    policy: 'p',
    evaluator,
    matter: { name: '企业登记', evaluator },
  } as const;
  const written = [
    entryOf(1, 'service.opened', opened),
    entryOf(2, 'press', { ...press, ...{ evaluator, phone: evaluator.phone } }),
    entryOf(3, 'duty.on', { staffNo: '1024', ...{ evaluator } }),
    encodeEntry(nodeSuite, { ...place, kind: 'press', body: press, ...{ evaluator } }),
  ].map(text);
  for (const line of written) expect(line).not.toMatch(/evaluator|张三|110101|13800138000|phone/);
  expect(written[0]).toContain('企业登记');
});

test('an entry of more than 8 KiB is refused', () => {
  const seal = (reason: string) => encodeEntry(nodeSuite, { ...place, kind: 'pause', body: { reason } });
  expect(seal('息'.repeat(120)).length).toBeLessThan(MAX_ENTRY_BYTES);
  const long = { ...place, source: `${'s'.repeat(MAX_ENTRY_BYTES)}/t`, kind: 'resume', body: {} } as const;
  expect(codeOf(() => encodeEntry(nodeSuite, long))).toBe('message-too-large');
});

test('bytes that are no entry are told as such', () => {
  const whole = JSON.parse(text(entryOf(1, 'press', press))) as Entry;
  const bytesOf = (value: unknown) => nodeSuite.utf8Encode(JSON.stringify(value));
  expect(codeOf(() => parseEntry(nodeSuite, bytesOf(whole)))).toBe('taken');
  const wrong = [
    nodeSuite.utf8Encode('{'),
    new Uint8Array([0x22, 0xff, 0x22]),
    bytesOf(null),
    bytesOf({ ...whole, seq: 0 }),
    bytesOf({ ...whole, kind: 'Not A Kind' }),
    bytesOf({ ...whole, clock: 'right' }),
    bytesOf({ ...whole, source: 'no-slash' }),
    bytesOf({ ...whole, body: [] }),
  ];
  for (const bytes of wrong)
    expect(
      codeOf(() => parseEntry(nodeSuite, bytes)),
      JSON.stringify(text(bytesOf(1))),
    ).toBe('meaning-malformed');
  expect(codeOf(() => readBody({ ...whole, body: { level: 9 } }, 'press'))).toBe('meaning-malformed');
});

test('kinds that nobody defined are not known, however they are called', () => {
  for (const kind of Object.keys(entryBodies)) expect(isKnownKind(kind)).toBe(true);
  for (const kind of ['toString', '__proto__', 'constructor', 'Press', '']) expect(isKnownKind(kind)).toBe(false);
});

test('an entry appended again says the same, names its first place, and keeps that when it moves once more', () => {
  const future = { ...place, kind: 'from.the.future', body: { anything: [1, '办结'] } } satisfies Entry;
  const again = parseEntry(nodeSuite, encodeEntryAgain(nodeSuite, future, { epoch: 'epoch-00002', seq: 7 }));
  expect(again).toEqual({ ...future, epoch: 'epoch-00002', seq: 7, re: { epoch: EPOCH, seq: 1 } });
  const third = parseEntry(nodeSuite, encodeEntryAgain(nodeSuite, again, { epoch: 'epoch-00003', seq: 2 }));
  expect(third.re).toEqual({ epoch: EPOCH, seq: 1 });
});
