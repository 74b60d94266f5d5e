import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreRatingSchema, sameCentreRating, type CentreRating } from '../../protocol/index.js';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{11}$/);
const name = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const text = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'案号窗口"\\:,{}[] a1') });
const wallMs = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

const fields = {
  ratingId: id,
  serviceId: name,
  hall: name,
  terminal: name,
  window: fc.option(text, { nil: undefined }),
  caseNo: text,
  cases: fc.option(
    fc.array(fc.record({ caseNo: text, matter: fc.record({ code: text }) }), { minLength: 2, maxLength: 3 }),
    {
      nil: undefined,
    },
  ),
  serviceNumber: fc.integer({ min: 1, max: 99 }),
  assessNumber: fc.integer({ min: 1, max: 99 }),
  stage: fc.constantFrom('intake', 'completion'),
  satisfaction: fc.constantFrom(1, 2, 3, 4, 5),
  reasons: fc.option(fc.array(fc.constantFrom('207', '214', '510'), { maxLength: 3 }), { nil: undefined }),
  marks: fc.option(
    fc.uniqueArray(
      fc.record({
        of: fc.constantFrom('indicator', 'matter'),
        code: name,
        level: fc.constantFrom(1, 2, 3, 4, 5),
      }),
      { minLength: 1, maxLength: 3, selector: ({ of, code }) => `${of} ${code}` },
    ),
    { nil: undefined },
  ),
  text: fc.option(text, { nil: undefined }),
  writtenBy: fc.option(fc.constantFrom('evaluator', 'callback', 'system'), { nil: undefined }),
  channel: fc.integer({ min: 1, max: 9 }),
  attributedTo: fc.constantFrom('window', 'department'),
  department: fc.option(text, { nil: undefined }),
  matter: fc.option(
    fc
      .record({ code: text, name: text, label: text }, { requiredKeys: [] })
      .filter((matter) => Object.keys(matter).length > 0),
    { nil: undefined },
  ),
  staffNo: fc.option(fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/), { nil: undefined }),
  serviceTime: wallMs,
  assessTime: wallMs,
  corrects: fc.option(id, { nil: undefined }),
};
const rating = fc.record(fields).map((made) => centreRatingSchema.parse(made));

function shuffled<T extends object>(value: T, order: readonly number[]): T {
  const entries = Object.entries(value).map(([key, field]: [string, unknown], index) => ({
    key,
    field: typeof field === 'object' && field !== null && !Array.isArray(field) ? shuffled(field, order) : field,
    rank: order[index] ?? index,
  }));
  return Object.fromEntries(entries.sort((a, b) => a.rank - b.rank).map(({ key, field }) => [key, field])) as T;
}

describe('two ratings say the same', () => {
  it('names every field of the wire here', () => {
    expect(Object.keys(fields).sort()).toEqual(Object.keys(centreRatingSchema.shape).sort());
  });

  it('whatever the order of their keys, and whether an absent field is named or not', () => {
    fc.assert(
      fc.property(rating, fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), (a, order) => {
        expect(sameCentreRating(a, shuffled(a, order))).toBe(true);
        expect(sameCentreRating(a, JSON.parse(JSON.stringify(shuffled(a, order))) as CentreRating)).toBe(true);
      }),
    );
  });

  const NO_PART_OF_IT = ['serviceTime', 'assessTime', 'corrects'];

  it('whatever the times: they are corrected anew by a gateway that was restored', () => {
    fc.assert(
      fc.property(rating, wallMs, wallMs, (a, serviceTime, assessTime) => {
        expect(sameCentreRating(a, { ...a, serviceTime, assessTime })).toBe(true);
      }),
    );
  });

  it('whether what it took the place of is named or not: that is no part of what it says', () => {
    fc.assert(
      fc.property(rating, fields.corrects, (a, corrects) => {
        expect(sameCentreRating(a, { ...a, corrects })).toBe(true);
      }),
    );
  });

  it.each((Object.keys(fields) as (keyof typeof fields)[]).filter((field) => !NO_PART_OF_IT.includes(field)))(
    'never when %s differs',
    (field) => {
      fc.assert(
        fc.property(rating, fields[field] as fc.Arbitrary<unknown>, (a, other) => {
          fc.pre(JSON.stringify(sorted(a[field])) !== JSON.stringify(sorted(other)));
          expect(sameCentreRating(a, { ...a, [field]: other })).toBe(false);
        }),
      );
    },
  );
});

/** A matter's keys in one order; everything else as it is. */
function sorted(value: unknown): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    : value;
}
