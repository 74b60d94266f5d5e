import { once } from 'node:events';
import { expect, test } from 'vitest';
import { CUT, INIT, PrinterAtWork } from './printer-at-work.js';

test('a cut cable leaves what was printed hanging, and the next client goes on below it', async () => {
  const printer = await new PrinterAtWork().ready();
  const first = await printer.wire();
  first.say(INIT, 'half\n');
  await first.settled();
  const reset = expect(once(first.socket, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
  await printer.drop();
  await reset;
  expect(await (await printer.get('/slips')).json()).toMatchObject([{ n: 1, complete: false }]);

  const second = await printer.wire();
  second.say(INIT, 'again\n', CUT);
  await second.settled();
  expect(await printer.lines()).toEqual(['half', 'again', '-- cut --']);
});
