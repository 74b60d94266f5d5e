import { expect, test } from 'vitest';
import { DAY_MS, exactTime, MINUTE_MS, opened, pressed, RatedHall, repaired } from './rated-hall.js';

const YEARS_MS = 48 * 365 * DAY_MS;

/** A gateway without a battery for its clock learned of an opening in 1978, and of the press after its clock was set. */
test.each([0, -3_600_000, 3_600_000])(
  'which was set right between opening and press, while the terminal’s stepped by %i ms',
  async (stepMs) => {
    const hall = await RatedHall.open();
    const chain = await hall.terminal();
    hall.log.clock.step(-YEARS_MS);
    await hall.log.send(chain, chain.batch(1, chain.headSeq, exactTime(hall, chain)));
    const from = opened(chain, 's-1');
    await hall.log.send(chain, chain.batch(from, chain.headSeq, exactTime(hall, chain)));
    hall.log.clock.step(YEARS_MS);
    hall.advance(MINUTE_MS, chain);
    chain.clock.step(stepMs);
    const id = pressed(chain, 's-1', 4);
    await hall.log.send(chain, chain.batch(from + 1, chain.headSeq, exactTime(hall, chain)));
    expect(hall.asides('s-1')).toEqual([]);
    expect(hall.standing('s-1')).toMatchObject({ ratingId: id, level: 4 });
    const again = await repaired(hall);
    expect(again.standing('s-1')).toMatchObject({ ratingId: id, level: 4 });
    expect(again.verified()).toMatchObject({ ok: true, faults: [] });
  },
);
