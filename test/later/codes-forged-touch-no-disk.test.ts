import { describe, expect, it, vi } from 'vitest';
import { opened } from '../rules/rated-hall.js';
import { RefusedCodes } from '../../gateway/rate/refused-codes.js';
import { quiet } from '../ingest/hall-log.js';
import { CodeHall, newKey, phoneAct, PHONE } from './code-hall.js';

/** Every bit flipped, every cut, every character more. */
function mutations(code: string): string[] {
  const bytes = Buffer.from(code, 'base64url');
  const flipped = Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    return changed.toString('base64url');
  });
  const cut = Array.from({ length: code.length }, (_, at) => [code.slice(0, at), code.slice(at + 1)]).flat();
  const more = ['A', '=', ' ', '\n', '/', '%00', '?x=1', '\u0000'].flatMap((one) => [code + one, one + code]);
  const otherwise = [code.toLowerCase(), code.toUpperCase(), encodeURIComponent(code), `${code}${code}`, '', '.'];
  return [...flipped, ...cut, ...more, ...otherwise].filter((one) => one !== code);
}

const FORGED = /^token-(malformed|foreign|key-unknown|forged)$/;

describe('a code that nobody of this hall made', () => {
  it('is refused whatever was changed of a true one, looked at or rated with', async () => {
    const codes = await CodeHall.open();
    const [printer, other] = [await codes.printer(), await codes.printer()];
    opened(printer.chain, 's');
    const code = printer.code('s');
    const forged = mutations(code);
    // Right by the key of another terminal, and by that of this one under another number.
    forged.push(
      printer.code('s', undefined, { ...other.shared, terminalNumber: printer.shared.terminalNumber }),
      printer.code('s', undefined, { ...printer.shared, terminalNumber: other.shared.terminalNumber }),
      printer.code('s', undefined, { ...printer.shared, keyNumber: 2 }),
      printer.code('s', undefined, { ...printer.shared, key: new Uint8Array(32) }),
    );
    for (const one of forged) {
      expect(await codes.looked(one), one).toMatch(FORGED);
      expect(await codes.rated(one), one).toMatch(FORGED);
    }
    expect(await codes.looked(code)).toBe('open');
    expect(codes.hall.log.total('rating')).toBe(0);
  });

  it('names a service of its own terminal only', async () => {
    const codes = await CodeHall.open();
    const [printer, leaked] = [await codes.printer(), await codes.printer()];
    opened(printer.chain, 's');
    await codes.arrive(printer);
    // Whoever knows the key of one terminal, and the service of another, has a service that nobody opened.
    const code = leaked.code('s');
    // Of the other terminal's service its holder reads nothing.
    const { thing } = await codes.door.look(code, PHONE);
    expect(thing.stage).toBeUndefined();
    expect(await codes.rated(code, { level: 5 })).toBe('changeable');
    expect(codes.hall.standing('s')).toBeUndefined();
    expect(await codes.looked(printer.code('s'))).toBe('open');
  });

  it('is refused where there is no database to ask', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    opened(printer.chain, 's');
    const code = printer.code('s');
    const forged = printer.code('s', undefined, newKey(printer.shared.terminalNumber));
    await codes.hall.log.store.db.destroy();
    expect(await codes.looked(forged)).toBe('token-forged');
    expect(await codes.rated(forged)).toBe('token-forged');
    expect(await codes.looked('x')).toBe('token-malformed');
    expect(await codes.looked(code)).not.toMatch(/^token-/);
  });

  it('is counted: the first at once, a flood of them once a minute, and again what could not be written', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const codes = await CodeHall.open();
      const { clock, store } = codes.hall.log;
      let isFull = false;
      const db = {
        transaction() {
          if (isFull) throw new Error('the disk is full');
          return store.db.transaction();
        },
      } as typeof store.db;
      const refused = new RefusedCodes({ store: { db, own: store.own }, clock, logger: quiet });
      const told = () => codes.hall.log.ownBodies('code.refused').map(({ code, count }) => [code, count]);
      const forged = () => refused.note({ code: 'token-forged', by: 'receipt' });
      const passes = async (ms: number) => {
        clock.advance(ms);
        vi.advanceTimersByTime(ms);
        for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      };
      forged();
      await passes(1);
      expect(told()).toEqual([['token-forged', 1]]);
      for (let at = 0; at < 10_000; at += 1) forged();
      refused.note({ code: 'token-foreign', by: 'receipt' });
      await passes(59_000);
      expect(told()).toHaveLength(1);
      await passes(1_000);
      expect(told().slice(1)).toEqual([
        ['token-forged', 10_000],
        ['token-foreign', 1],
      ]);
      isFull = true;
      forged();
      await passes(60_000);
      forged();
      expect(told()).toHaveLength(3);
      isFull = false;
      await passes(60_000);
      expect(told().slice(3)).toEqual([['token-forged', 2]]);
      expect(codes.hall.verified().ok).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('cannot be had by trying: an act refused says no more than a look', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    const forged = printer.code('s', undefined, newKey(printer.shared.terminalNumber));
    const [look, rate] = await Promise.all([
      codes.door.look(forged, PHONE).catch((error: unknown) => String(error)),
      codes.door.rate(forged, phoneAct(), PHONE).catch((error: unknown) => String(error)),
    ]);
    expect(look).toBe(rate);
  });
});
