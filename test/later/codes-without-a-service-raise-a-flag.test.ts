import { describe, expect, it } from 'vitest';
import { UnopenedCodes } from '../../gateway/rate/unopened-codes.js';
import { recordRequest } from '../support/record-request.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { quiet } from '../ingest/hall-log.js';
import { opened } from '../rules/rated-hall.js';
import { CodeHall } from './code-hall.js';

async function watchedHall() {
  const codes = await CodeHall.open();
  const { store } = codes.hall.log;
  const unopened = new UnopenedCodes({ hall: 'demo', store, suite: nodeSuite, logger: quiet });
  const flags = async () => {
    await unopened.look();
    return codes.hall.log.rows<{ flag: string; subject: string; evidence: string }>(
      'SELECT flag, subject, evidence FROM flag',
    );
  };
  return { codes, flags };
}

describe('whoever has learnt the key of a terminal', () => {
  it('can rate services that nobody opened: held for ever, and flagged once the log has come past that moment', async () => {
    const { codes, flags } = await watchedHall();
    const { hall } = codes;
    const printer = await codes.printer();
    const { chain } = printer;
    opened(chain, 'true-one');
    await codes.arrive(printer);
    for (const name of ['made-up-1', 'made-up-2', 'made-up-3'])
      expect(await codes.rated(printer.code(name))).toBe('changeable');
    // The log is here through a moment before them: they might be in what has not come yet.
    expect(await flags()).toEqual([]);
    hall.advance(60_000, chain);
    opened(chain, 'another-one');
    expect(await flags()).toEqual([]);
    await codes.arrive(printer);
    const [flag, ...more] = await flags();
    expect(more).toEqual([]);
    expect(flag).toMatchObject({ flag: 'code-without-service', subject: `terminal ${chain.terminal}` });
    expect(flag?.evidence).toMatch(/^3 services/);
    expect(hall.log.ownBodies('flag.raised')).toHaveLength(1);
    // Told once; nothing of them goes to the centre, and no figure has them.
    await flags();
    expect(hall.log.ownBodies('flag.raised')).toHaveLength(1);
    expect(hall.log.rows('SELECT state FROM forward')).toEqual(Array(3).fill({ state: 'held' }));
    expect(hall.log.total('service')).toBe(2);
    expect(hall.verified().ok).toBe(true);
  });

  it('and services that were asked for, and that their terminal has not opened', async () => {
    const { codes, flags } = await watchedHall();
    const { hall } = codes;
    const printer = await codes.printer();
    const { terminal } = printer.chain;
    const request = { caseNo: 'C1', stage: 'completion', terminal } as const;
    await recordRequest({ store: hall.log.store }, request, 'asked-for', hall.log.clock.wallMs(), 15_000);
    expect(await codes.rated(printer.code('asked-for'))).toBe('changeable');
    expect(await flags()).toEqual([]);
    hall.advance(60_000, printer.chain);
    opened(printer.chain, 'another-one');
    await codes.arrive(printer);
    expect(await flags()).toMatchObject([{ flag: 'code-without-service', subject: `terminal ${terminal}` }]);
  });

  it('a true slip that was used while its terminal was cut off raises none, however late the log comes', async () => {
    const { codes, flags } = await watchedHall();
    const { hall } = codes;
    const printer = await codes.printer();
    const { chain } = printer;
    opened(chain, 'first');
    await codes.arrive(printer);
    hall.advance(60_000, chain);
    opened(chain, 'cut-off');
    expect(await codes.rated(printer.code('cut-off'))).toBe('changeable');
    expect(await flags()).toEqual([]);
    hall.advance(3 * 86_400_000, chain);
    opened(chain, 'days-after');
    expect(await flags()).toEqual([]);
    await codes.arrive(printer);
    expect(await flags()).toEqual([]);
    expect(hall.standing('cut-off')).toMatchObject({ channel: 'receipt-qr' });
  });

  it('where nobody knows the time of a terminal, nothing is said of it', async () => {
    const { codes, flags } = await watchedHall();
    const printer = await codes.printer();
    expect(await codes.rated(printer.code('unknown'))).toBe('changeable');
    codes.hall.advance(60_000, printer.chain);
    opened(printer.chain, 'one');
    await codes.hall.log.send(printer.chain, printer.chain.batch());
    expect(await flags()).toEqual([]);
  });
});
