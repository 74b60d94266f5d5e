import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  configMessageSchema,
  encodeEntry,
  indicatorsSchema,
  isTrueList,
  LEVELS,
  MAX_ENTRY_BYTES,
  MAX_MESSAGE_BYTES,
  namedList,
  NATIONAL_LIST,
  reasonListFileSchema,
  reasonsOf,
  type Reason,
} from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { POLICY } from '../api/hall-edge.js';

/** As many reasons at every level. */
function reasons(perLevel: number, words: Partial<Reason> = {}): Reason[] {
  return LEVELS.flatMap((level) =>
    Array.from({ length: perLevel }, (_, at) => ({
      code: `${level}a${at}`,
      zh: `理由${level}${at}`,
      en: 'Why',
      ...words,
    })),
  );
}

const file = (all: readonly unknown[], name = 'ningxia-2026') => reasonListFileSchema.safeParse({ name, reasons: all });

describe('a list of reasons', () => {
  test('has another name as soon as it says anything else', () => {
    const list = namedList(nodeSuite, 'n', reasons(2));
    const names = new Set([list.id]);
    const changed = fc.record({
      at: fc.nat({ max: 9 }),
      key: fc.constantFrom('code', 'zh', 'en'),
      sign: fc.constantFrom('x', '字', '1'),
    });
    fc.assert(
      fc.property(changed, ({ at, key, sign }) => {
        const other = list.reasons.map((reason, index) =>
          index === at ? { ...reason, [key]: reason.code + sign } : reason,
        );
        names.add(namedList(nodeSuite, 'n', other).id);
        expect(isTrueList(nodeSuite, { id: list.id, reasons: other })).toBe(false);
      }),
      { numRuns: 60, seed: 6 },
    );
    expect(names.size).toBeGreaterThan(30);
    expect(namedList(nodeSuite, 'n', list.reasons.toReversed()).id).not.toBe(list.id);
    expect(isTrueList(nodeSuite, list)).toBe(true);
    expect(isTrueList(nodeSuite, NATIONAL_LIST)).toBe(true);
    expect(isTrueList(nodeSuite, { id: NATIONAL_LIST.id, reasons: reasons(8) })).toBe(false);
  });

  test('of the longest words fits into an entry of the log, and with the policy into a message', () => {
    const longest = reasons(8, { zh: '满'.repeat(20), en: 'w'.repeat(48) }).map((reason, at) => ({
      ...reason,
      code: `${reason.code[0] ?? ''}abcd${at % 8}`,
    }));
    const parsed = file(longest, 'a'.repeat(24));
    expect(parsed.error?.issues).toBeUndefined();
    const { id } = namedList(nodeSuite, 'a'.repeat(24), longest);
    const moment = { at: 1_790_000_000_000, bootId: 'AAAAAAAAAAA', mono: 1, clock: 'synced' } as const;
    const place = { source: 'demo/@gw', epoch: 'AAAAAAAAAAA', seq: 9_000_000, ...moment };
    const bytes = encodeEntry(nodeSuite, {
      ...place,
      kind: 'reason-list.adopted',
      body: { list: id, reasons: longest },
    });
    expect(bytes.length).toBeLessThan(MAX_ENTRY_BYTES);
    const indicators = Array.from({ length: 8 }, (_, at) => ({
      code: `${'c'.repeat(39)}${at}`,
      zh: '评'.repeat(16),
      en: 'i'.repeat(32),
      stages: ['intake', 'completion'],
      askedAt: ['terminal', 'phone'],
    }));
    const config = {
      v: 1,
      window: '1',
      policyId: 'p@1',
      policy: POLICY.terminal,
      indicators,
      reasons: { id, reasons: longest },
    };
    expect(configMessageSchema.safeParse(config).success).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(config))).toBeLessThan(MAX_MESSAGE_BYTES);
  });

  test.each([
    ['another number at one level', [...reasons(3), { code: '5b', zh: '多一条', en: 'More' }]],
    ['a level without any', reasons(2).filter(({ code }) => !code.startsWith('1'))],
    ['more than a screen holds', reasons(9)],
    ['a code twice', reasons(2).map((reason) => ({ ...reason, code: `${reason.code[0] ?? ''}a` }))],
    ['a code of no level', reasons(1).map((reason) => ({ ...reason, code: `7${reason.code}` }))],
    ['a code that is too long to be sealed', reasons(1).map((reason) => ({ ...reason, code: `${reason.code}12345` }))],
    ['words that break the line', reasons(1, { zh: '一\n二' })],
    ['words longer than a target', reasons(1, { en: 'w'.repeat(49) })],
    ['a key that nobody knows', reasons(1).map((reason) => ({ ...reason, level: 5 }))],
  ])('is refused with %s', (_what, all) => {
    expect(file(all).success).toBe(false);
    expect(file(reasons(3)).success).toBe(true);
  });

  test('leaves the reasons of a level where their codes say', () => {
    expect(reasonsOf(2, reasons(3)).map(({ code }) => code)).toEqual(['2a0', '2a1', '2a2']);
  });
});

test('an indicator is asked once, at a stage and a place that there is', () => {
  const one = { code: 'service', zh: '服务评价', en: 'Service' };
  expect(indicatorsSchema.parse([one])).toEqual([{ ...one, stages: ['completion'], askedAt: ['terminal', 'phone'] }]);
  expect(indicatorsSchema.safeParse([one, one]).success).toBe(false);
  expect(indicatorsSchema.safeParse([{ ...one, stages: [] }]).success).toBe(false);
  expect(indicatorsSchema.safeParse([{ ...one, askedAt: ['web'] }]).success).toBe(false);
  expect(indicatorsSchema.safeParse(Array.from({ length: 9 }, (_, at) => ({ ...one, code: `c${at}` }))).success).toBe(
    false,
  );
});
