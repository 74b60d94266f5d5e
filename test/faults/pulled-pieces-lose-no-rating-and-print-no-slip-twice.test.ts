import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hall } from '../support/hall.js';
import { runUnplugCampaign } from './unplug-campaign.js';

/** A short seeded set; `npm run faults -- unplug` runs the long one. */
describe('board, printer, paper, screen and network pulled at random', () => {
  let hall: Hall;
  beforeAll(async () => {
    hall = await new Hall({ plugs: true, policy: { changeOfMindMs: 100 } }).start();
  });
  afterAll(() => hall.stop());

  it('lose no rating and print no slip twice without its mark', { timeout: 240_000 }, async () => {
    const findings = await runUnplugCampaign(hall, { seed: 'pulled', services: 80 });
    expect(findings).toMatchObject({ lost: [], doubled: [], wrong: [], twiceUnmarked: [], without: [] });
    expect(findings.byKey + findings.byTouch).toBeGreaterThan(60);
    expect(Object.keys(findings.pulls).sort()).toEqual(['board', 'network', 'paper', 'printer', 'screen']);
  });
});
