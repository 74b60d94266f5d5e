import { afterEach, beforeEach, expect, test } from 'vitest';
import { themeMatters } from '../../gateway/core/theme-matters.js';
import { areMarksOf, thingsOf, type Indicator } from '../../protocol/index.js';
import { HallEdge } from '../api/hall-edge.js';

let edge: HallEdge;
beforeEach(async () => {
  edge = new HallEdge();
  await edge.start();
  await edge.addTerminal('t1', 'A12');
});
afterEach(() => edge.remove());

/** What the terminal was told of the service. */
async function told(request: object): Promise<Record<string, unknown>> {
  const { status, text } = await edge.open({ terminal: 't1', ...request });
  expect(status, text).toBe(201);
  const command = edge.terminals.sent.at(-1);
  if (command?.type !== 'service.open') throw new Error('no opening was sent');
  return command.service;
}

const ofTheme = (cases: readonly object[]) => ({ caseNo: 'mine', form: 'theme', cases });

test('the terminal hears of each matter once, by code and label, and never whose case it is', async () => {
  const service = await told(
    ofTheme([
      { caseNo: 'mine', matter: { code: 'M-1', label: '社会保险登记' } },
      { caseNo: 'case-of-another', matter: { code: 'M-2', label: '公积金缴存' } },
      { caseNo: 'case-of-a-third', matter: { code: 'M-2', label: '公积金缴存' } },
      { caseNo: 'case-without-label', matter: { code: 'M-3' } },
      { caseNo: 'case-without-code', matter: { label: '税务登记' } },
    ]),
  );
  expect(service['matters']).toEqual([
    { code: 'M-1', label: '社会保险登记' },
    { code: 'M-2', label: '公积金缴存' },
  ]);
  expect(JSON.stringify(service)).not.toMatch(/case-/);
});

test('a batch, a single case and a theme of one nameable matter have none', async () => {
  const matter = { code: 'M-1', label: '社会保险登记' };
  expect(await told({ caseNo: 'one', matter })).not.toHaveProperty('matters');
  const batch = [{ caseNo: 'mine' }, { caseNo: 'other', matter }];
  expect(await told({ caseNo: 'mine', form: 'batch', cases: batch })).not.toHaveProperty('matters');
  const theme = ofTheme([
    { caseNo: 'mine', matter },
    { caseNo: 'other', matter: { code: 'M-2' } },
  ]);
  expect(await told({ ...theme, serviceId: 'nameless' })).not.toHaveProperty('matters');
});

test('of more matters than anybody would go through, none is asked', () => {
  const cases = Array.from({ length: 17 }, (_, at) => ({
    caseNo: `c${at}`,
    matter: { code: `M-${at}`, label: `事项${at}` },
  }));
  expect(themeMatters('theme', cases.slice(0, 16))).toHaveLength(16);
  expect(themeMatters('theme', cases)).toBeUndefined();
  expect(themeMatters('theme', null)).toBeUndefined();
});

test('what is asked follows stage and place, and a mark must be of what was asked, once', () => {
  const indicator = (code: string, more: Partial<Indicator> = {}): Indicator => ({
    code,
    zh: code,
    en: code,
    stages: ['completion'],
    askedAt: ['terminal', 'phone'],
    ...more,
  });
  const indicators = [
    indicator('attitude', { stages: ['intake', 'completion'] }),
    indicator('guide', { askedAt: ['phone'] }),
    indicator('courier'),
  ];
  const codes = (...[at, stage]: [Indicator['askedAt'][number], Indicator['stages'][number]]) =>
    thingsOf(indicators, at, stage).map(({ code }) => code);
  expect(codes('terminal', 'intake')).toEqual(['attitude']);
  expect(codes('terminal', 'completion')).toEqual(['attitude', 'courier']);
  expect(codes('phone', 'completion')).toEqual(['attitude', 'guide', 'courier']);
  const things = thingsOf(indicators, 'phone', 'completion', [{ code: 'guide', label: '办事' }]);
  expect(things.at(-1)).toEqual({ of: 'matter', code: 'guide', zh: '办事', en: '办事' });
  const mark = { of: 'indicator', code: 'guide' } as const;
  expect(areMarksOf(things, [mark, { of: 'matter', code: 'guide' }])).toBe(true);
  expect(areMarksOf(things, [mark, mark])).toBe(false);
  expect(areMarksOf(things, [{ of: 'matter', code: 'courier' }])).toBe(false);
});
