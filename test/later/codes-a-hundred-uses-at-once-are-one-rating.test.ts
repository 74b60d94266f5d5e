import { describe, expect, it } from 'vitest';
import { opened } from '../rules/rated-hall.js';
import { CodeDesk } from '../../gateway/rate/code-desk.js';
import { FirstProgress } from '../../gateway/rate/first-progress.js';
import { CodeHall, PHONE, phoneAct } from './code-hall.js';

describe('a hundred who use one code at once', () => {
  it.each([
    ['before its log has come', false],
    ['after its log has come', true],
  ])('leave one rating: %s', async (_name, hasCome) => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    opened(printer.chain, 'case-1');
    if (hasCome) await codes.arrive(printer);
    const code = printer.code('case-1');
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => codes.rated(code)));
    expect(outcomes.filter((outcome) => outcome === 'changeable')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'service-already-rated')).toHaveLength(99);
    if (!hasCome) await codes.arrive(printer);
    expect(codes.hall.log.total('rating', "serviceId = 'case-1'")).toBe(1);
    // Nobody can fill the log with one slip.
    expect(codes.hall.log.total('aside')).toBe(0);
    expect(codes.hall.log.ownBodies('rating.made')).toHaveLength(1);
    await codes.refused.stop();
    expect(codes.hall.log.ownBodies('code.refused')).toEqual([
      expect.objectContaining({ code: 'service-already-rated', count: 99, terminal: printer.chain.terminal }),
    ]);
  });

  it('leave one rating also where two programs take them, and where the log comes in between', async () => {
    const codes = await CodeHall.open();
    const { hall, keys, refused } = codes;
    const { store, clock } = hall.log;
    const progress = new FirstProgress(store.db);
    const other = new CodeDesk({ db: store.db, clock, policy: hall.policy, keys, desk: hall.desk, progress, refused });
    const printer = await codes.printer();
    opened(printer.chain, 'case-2');
    const code = printer.code('case-2');
    const acts = Array.from({ length: 60 }, (_, at) =>
      (at % 2 === 0 ? codes.door : other).rate(code, phoneAct(), PHONE).then(
        ({ state }) => state,
        () => 'refused',
      ),
    );
    await codes.arrive(printer);
    const outcomes = await Promise.all(acts);
    // Of two acts of one millisecond (the clock stands here) the order of acts decides, also when one was told already.
    expect(outcomes).toContain('changeable');
    expect(hall.log.total('rating')).toBe(1);
    expect(hall.log.total('rating', "serviceId = 'case-2'")).toBe(1);
    expect(hall.verified().ok).toBe(true);
  });

  it('in their own services each have theirs', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    const passes = Array.from({ length: 50 }, (_, at) => {
      opened(printer.chain, `own-${at}`);
      return printer.code(`own-${at}`);
    });
    await codes.arrive(printer);
    const outcomes = await Promise.all(passes.map((pass) => codes.rated(pass)));
    expect(new Set(outcomes)).toEqual(new Set(['changeable']));
    expect(codes.hall.log.total('rating')).toBe(50);
  });
});
