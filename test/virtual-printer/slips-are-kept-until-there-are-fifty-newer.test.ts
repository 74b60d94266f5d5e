import { expect, test } from 'vitest';
import { CUT, INIT, PrinterAtWork } from './printer-at-work.js';

test('the last fifty slips are kept by number; before the first there is none', async () => {
  const printer = await new PrinterAtWork(48).ready();
  const none = await printer.get('/paper.png');
  expect([none.status, none.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(await (await printer.get('/slips')).json()).toEqual([]);

  const wire = await printer.wire();
  for (let n = 1; n <= 52; n++) wire.say(INIT, `slip ${n}\n`, CUT);
  wire.say('open\n');
  await wire.settled();

  const slips = (await (await printer.get('/slips')).json()) as { n: number; at: number; complete: boolean }[];
  expect(slips.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, index) => index + 4));
  expect(slips.filter(({ complete }) => !complete).map(({ n }) => n)).toEqual([53]);
  expect((await printer.get('/slips/3.txt')).status).toBe(404);
  expect(await printer.lines('/slips/4.txt')).toEqual(['slip 4', '-- cut --']);
  expect(await printer.lines()).toEqual(['open']);
  expect((await printer.picture('/slips/4.png')).width).toBe(576);
});

test('a state that no printer has is refused and changes nothing', async () => {
  const printer = await new PrinterAtWork().ready();
  for (const wrong of [{ paper: 'few' }, { paperAfterLines: 0 }, { cover: true }, { ink: 'out' }])
    expect((await printer.set(wrong)).status).toBe(400);
  expect(await printer.state()).toMatchObject({ paper: 'ok', cover: 'closed', cutter: 'ok', online: true });
});
