import { expect, test } from 'vitest';
import { RATING_CHANNELS } from '../../protocol/index.js';
import { HallWithCentre } from './hall-with-centre.js';

/** `pf` of the national list (R12); 6 and 7 as in GB/T 39046. */
const CODES = {
  window: 4,
  'receipt-qr': 3,
  'window-qr': 3,
  'self-service': 5,
  web: 1,
  phone: 6,
  sms: 7,
  paper: 1,
} as const;

test('the centre is told by which way each rating came, in its own codes', async () => {
  const hall = await HallWithCentre.open();
  for (const channel of RATING_CHANNELS) {
    const serviceId = await hall.open({ caseNo: channel });
    const ratingId =
      channel === 'window'
        ? await hall.session(serviceId, { level: 4 })
        : await hall.ratedElsewhere(serviceId, { channel, level: 4, reasons: ['413'] });
    await hall.becomes(ratingId, 'delivered');
  }
  const told = (await hall.ledger()).map(({ caseNo, channel }) => [caseNo, channel]);
  expect(Object.fromEntries(told)).toEqual(CODES);
});
