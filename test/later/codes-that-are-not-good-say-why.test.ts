import { describe, expect, it } from 'vitest';
import { hasSentence } from '../../gateway/rate/refusal-words.js';
import { ERRORS, isErrorCode, makeReceiptToken } from '../../protocol/index.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { DAY_MS, opened, pressed } from '../rules/rated-hall.js';
import { CodeHall, newKey, phoneAct, type Printer } from './code-hall.js';

interface Case {
  readonly name: string;
  readonly code: string;
  /** What the own log says, besides the code; a forger's words are no terminal's. */
  readonly isCertain: boolean;
  /** Only of an act: looked at, it is told as rated. */
  readonly onlyOfActs?: boolean;
  readonly prepare: (codes: CodeHall, printer: Printer) => Promise<string> | string;
}

const unrated = (printer: Printer, serviceId: string) => {
  opened(printer.chain, serviceId);
  return printer.code(serviceId);
};

const CASES: readonly Case[] = [
  { name: 'no code at all', code: 'token-malformed', isCertain: false, prepare: () => 'hello' },
  {
    name: 'another hall’s',
    code: 'token-foreign',
    isCertain: false,
    prepare: () => makeReceiptToken(nodeSuite, { ...newKey(4_711), serviceId: 's', nowMs: 1_790_000_000_000 }),
  },
  {
    name: 'another hall’s, of a terminal that has the number of one of ours',
    code: 'token-forged',
    isCertain: false,
    prepare: (_codes, { shared, code }) => code('s', undefined, newKey(shared.terminalNumber)),
  },
  {
    name: 'of a key that is not registered yet',
    code: 'token-key-unknown',
    isCertain: false,
    prepare: (_codes, { shared, code }) => code('s', undefined, newKey(shared.terminalNumber, 2)),
  },
  {
    name: 'of a revoked key',
    code: 'token-key-revoked',
    isCertain: true,
    prepare: async (codes, printer) => {
      const code = unrated(printer, 's');
      await codes.arrive(printer);
      await codes.keyDesk.revoke(printer.chain.terminal, 1);
      codes.look();
      return code;
    },
  },
  {
    name: 'whose days are over',
    code: 'rating-window-over',
    isCertain: true,
    prepare: async (codes, printer) => {
      const code = unrated(printer, 's');
      await codes.arrive(printer);
      codes.hall.advance((codes.hall.policy.ratingWindowDays + 2) * DAY_MS);
      return code;
    },
  },
  {
    name: 'whose days are over, of a version that kept none',
    code: 'rating-window-over',
    isCertain: true,
    prepare: async (codes, printer) => {
      const code = unrated(printer, 's');
      await codes.arrive(printer);
      codes.hall.log.run('UPDATE service SET daysFrom = NULL');
      expect(await codes.looked(code)).toBe('open');
      codes.hall.advance((codes.hall.policy.ratingWindowDays + 2) * DAY_MS);
      return code;
    },
  },
  {
    name: 'whose day is long ago, of a service that no log has told of',
    code: 'rating-window-over',
    isCertain: true,
    prepare: (codes, printer) => {
      const code = unrated(printer, 's');
      codes.hall.advance((codes.hall.policy.ratingWindowDays + 3) * DAY_MS);
      return code;
    },
  },
  {
    name: 'of a service that was taken back',
    code: 'service-taken-back',
    isCertain: true,
    prepare: async (codes, printer) => {
      const code = unrated(printer, 's');
      await codes.arrive(printer);
      const { db, own } = codes.hall.log.store;
      await db.transaction().execute(async (trx) => {
        const { at } = await own.append(trx, 'service.closed', { serviceId: 's', cause: 'cancelled' });
        const end = { state: 'closed', endCause: 'cancelled', closedAt: at, closedSeenAt: at, takenBackAt: at };
        await trx.updateTable('service').set(end).where('serviceId', '=', 's').execute();
      });
      return code;
    },
  },
  {
    name: 'of a service that was pressed at the terminal',
    code: 'service-already-rated',
    isCertain: true,
    onlyOfActs: true,
    prepare: async (codes, printer) => {
      const code = unrated(printer, 's');
      pressed(printer.chain, 's', 3);
      await codes.arrive(printer);
      return code;
    },
  },
  {
    name: 'used before, by the phone of somebody else',
    code: 'service-already-rated',
    isCertain: true,
    onlyOfActs: true,
    prepare: async (codes, printer) => {
      const code = unrated(printer, 's');
      expect(await codes.rated(code)).toBe('changeable');
      return code;
    },
  },
];

describe('a code that is not good', () => {
  it.each(CASES)('$name: $code', async ({ code, isCertain, onlyOfActs = false, prepare }) => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    const pass = await prepare(codes, printer);
    const before = codes.hall.log.total('rating') + codes.hall.log.total('aside');
    expect(await codes.looked(pass)).toBe(onlyOfActs ? 'rated' : code);
    expect(await codes.rated(pass)).toBe(code);
    expect(codes.hall.log.total('rating') + codes.hall.log.total('aside')).toBe(before);
    expect(isErrorCode(code) && hasSentence(code)).toBe(true);
    expect(isErrorCode(code) && ERRORS[code].status).toBeGreaterThanOrEqual(400);

    await codes.refused.stop();
    const told = codes.hall.log.ownBodies('code.refused');
    expect(told.reduce((sum, { count }) => sum + Number(count), 0)).toBe(onlyOfActs ? 1 : 2);
    for (const one of told) {
      expect(one).toMatchObject({ code, by: 'receipt' });
      expect(one['terminal']).toBe(isCertain ? printer.chain.terminal : undefined);
    }
    // The code itself is nowhere: whoever reads the log cannot use it.
    expect(JSON.stringify(told)).not.toContain(pass);
    expect(codes.hall.verified().ok).toBe(true);
  });

  it('of an intake that opens nothing', async () => {
    const { hall } = await CodeHall.open();
    const { policy } = hall;
    const closed = { ...policy.stages.intake, opens: 'nothing' as const };
    const codes = await CodeHall.open({ ...policy, stages: { ...policy.stages, intake: closed } });
    const printer = await codes.printer();
    opened(printer.chain, 's', 'intake');
    await codes.arrive(printer);
    expect(await codes.looked(printer.code('s'))).toBe('service-ungranted');
    expect(await codes.rated(printer.code('s'))).toBe('service-ungranted');
  });

  it.each([
    ['an id that is none', { id: 'x' }],
    ['no level', { level: 6 as never }],
    ['a reason that no list has', { reasons: ['a reason in words'] }],
    ['a level for what is not asked', { marks: [{ of: 'indicator', code: 'nobody-asks', level: 5 }] as const }],
    ['a level for the matter of somebody else', { marks: [{ of: 'matter', code: 'm9', level: 5 }] as const }],
    ['a change of itself', { id: 'AAAAAAAAAAA', replaces: 'AAAAAAAAAAA' }],
  ])('an act with %s is none, and nothing of it stays', async (_name, act) => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    const code = unrated(printer, 's');
    await codes.arrive(printer);
    expect(await codes.rated(code, act)).toMatch(/^request-malformed$|^reason-unknown$/);
    expect(codes.hall.log.total('rating')).toBe(0);
    expect(codes.hall.log.ownBodies('rating.made')).toEqual([]);
  });

  it('an act takes nobody else’s place: not a press, not an act of another service', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    const [one, other] = [unrated(printer, 's1'), unrated(printer, 's2')];
    const third = unrated(printer, 's3');
    const press = pressed(printer.chain, 's3', 1);
    await codes.arrive(printer);
    const act = phoneAct({ level: 1 });
    expect(await codes.rated(one, act)).toBe('changeable');
    expect(await codes.rated(other, { replaces: act.id })).toBe('request-malformed');
    expect(await codes.rated(other, { id: act.id })).toBe('idempotency-key-reused');
    expect(await codes.rated(third, { replaces: press })).toBe('request-malformed');
    expect(codes.hall.standing('s1')).toMatchObject({ level: 1 });
    expect(codes.hall.standing('s3')).toMatchObject({ level: 1 });
  });
});
