import { describe, expect, it } from 'vitest';
import { opened, pressed } from '../rules/rated-hall.js';
import { CodeHall, ownerOf, PHONE, phoneAct } from './code-hall.js';

describe("a receipt's code", () => {
  it('rates before the log of its terminal has come, and the rating is the service’s own once it has', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    opened(printer.chain, 'case-1');
    const code = printer.code('case-1');

    expect(await codes.door.look(code, PHONE)).toEqual({
      state: 'open',
      thing: { matter: null, matters: [], window: '1', day: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string },
    });
    const act = phoneAct({ level: 2 });
    const standing = await codes.door.rate(code, act, PHONE);
    expect(standing).toMatchObject({ state: 'changeable', actId: act.id });
    expect(await codes.looked(code)).toBe('rated');
    expect(codes.hall.standing('case-1')).toBeUndefined();

    await codes.arrive(printer);
    expect(codes.hall.standing('case-1')).toMatchObject({ ratingId: act.id, level: 2, channel: 'receipt-qr' });
    expect(await codes.door.look(code, ownerOf(act.id))).toMatchObject({ state: 'changeable', actId: act.id });
    expect(codes.hall.verified().ok).toBe(true);
  });

  it('says the matter by its neutral label, the window and the day, and never whose it is', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    printer.chain.append('service.opened', {
      serviceId: 'case-2',
      caseNo: 'CASE-OF-SOMEBODY',
      stage: 'completion',
      matter: { code: 'm1', name: '离婚登记', label: '民政事项' },
      origin: 'local',
      window: '3',
      policy: 'default@1',
    });
    await codes.arrive(printer);
    const standing = await codes.door.look(printer.code('case-2'), PHONE);
    expect(standing.thing).toMatchObject({
      matter: { code: 'm1', name: '民政事项' },
      window: '3',
      stage: 'completion',
    });
    expect(JSON.stringify(standing)).not.toMatch(/CASE-OF|离婚|case-2/);
  });

  it.each([
    ['the press arrives before the phone rates', true],
    ['the phone rates before the press arrives', false],
  ])('of a service that was pressed at the terminal changes nothing: %s', async (_name, isFirst) => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    opened(printer.chain, 'case-3');
    const code = printer.code('case-3');
    codes.hall.advance(60_000, printer.chain);
    const press = pressed(printer.chain, 'case-3', 1);
    codes.hall.advance(60_000, printer.chain);
    const act = phoneAct({ level: 5 });
    if (isFirst) await codes.arrive(printer);
    expect(await codes.rated(code, act)).toBe(isFirst ? 'service-already-rated' : 'changeable');
    if (!isFirst) await codes.arrive(printer);
    expect(codes.hall.standing('case-3')).toMatchObject({ ratingId: press, level: 1 });
    // Whose slip it is learns that it was rated, and not how; the one whose act came second no less.
    expect(await codes.door.look(code, PHONE)).toMatchObject({ state: 'rated', progress: null });
    expect(await codes.door.look(code, ownerOf(act.id))).toMatchObject({ state: 'rated', progress: null });
    expect(await codes.door.look(code, ownerOf(press))).toMatchObject({ state: 'rated', progress: null });
    expect(await codes.rated(code)).toBe('service-already-rated');
  });

  it('is sent again without effect, changed within its time by whoever made it, and then no more', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    opened(printer.chain, 'case-4');
    await codes.arrive(printer);
    const code = printer.code('case-4');
    const first = phoneAct({ level: 1 });
    const second = phoneAct({ level: 5, replaces: first.id });
    expect(await codes.rated(code, first)).toBe('changeable');
    expect(await codes.rated(code, first)).toBe('changeable');
    expect(await codes.rated(code, { ...first, level: 4 })).toBe('changeable');
    expect(codes.hall.standing('case-4')).toMatchObject({ level: 1 });
    expect(await codes.rated(code, second)).toBe('changeable');
    expect(codes.hall.standing('case-4')).toMatchObject({ ratingId: second.id, level: 5 });
    expect(codes.hall.asides('case-4')).toEqual([{ ratingId: first.id, code: 'rating-replaced' }]);
    // What was changed is not taken for the first one again.
    expect(await codes.rated(code, first)).toBe('rated');
    expect(await codes.rated(code, phoneAct({ replaces: first.id }))).toBe('service-already-rated');
    codes.hall.advance(codes.hall.policy.later.changeSeconds * 1_000 + 1);
    expect(await codes.rated(code, phoneAct({ replaces: second.id }))).toBe('change-too-late');
    expect(await codes.looked(code, ownerOf(second.id))).toBe('rated');
    expect(codes.hall.log.total('rating')).toBe(1);
    expect(codes.hall.log.total('aside')).toBe(1);
  });

  it('tells only whoever made a bad rating that it was received', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    for (const level of [1, 2, 3, 4, 5] as const) {
      const serviceId = `case-5-${level}`;
      opened(printer.chain, serviceId);
      await codes.arrive(printer);
      const code = printer.code(serviceId);
      const act = phoneAct({ level });
      await codes.door.rate(code, act, PHONE);
      codes.hall.advance(3_600_000, printer.chain);
      expect(await codes.door.look(code, ownerOf(act.id))).toMatchObject({
        state: 'rated',
        progress: level <= 2 ? 'received' : null,
      });
      // A clerk who scans the slip reads the same for each level.
      expect(await codes.door.look(code, PHONE)).toMatchObject({ state: 'rated', progress: null });
    }
  });

  it('rates over an act of somebody of whom nobody knows who it was', async () => {
    const codes = await CodeHall.open();
    const printer = await codes.printer();
    opened(printer.chain, 'case-6');
    await codes.arrive(printer);
    await codes.hall.rate({ serviceId: 'case-6', channel: 'paper', level: 5, verified: false });
    const code = printer.code('case-6');
    expect(await codes.looked(code)).toBe('open');
    const act = phoneAct({ level: 1 });
    expect(await codes.rated(code, act)).toBe('changeable');
    expect(codes.hall.standing('case-6')).toMatchObject({ ratingId: act.id, level: 1 });
  });
});
