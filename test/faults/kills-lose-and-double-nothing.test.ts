import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hall } from '../support/hall.js';
import { runCampaign } from './kill-campaign.js';

/** A short seeded set; `npm run faults` runs the long one. */
describe('kills of device, gateway and centre under load', () => {
  let hall: Hall;
  beforeAll(async () => {
    hall = await new Hall({ terminals: 3 }).start();
  });
  afterAll(() => hall.stop());

  it('lose and double no accepted press', { timeout: 240_000 }, async () => {
    const findings = await runCampaign(hall, { seed: 'short', services: 90, kills: 9 });
    expect(findings).toMatchObject({ lost: [], doubled: [], wrong: [], unexplained: [] });
    expect(findings.accepted).toBeGreaterThan(60);
    expect(Object.values(findings.kills).reduce((sum, one) => sum + one, 0)).toBe(9);
  });
});
