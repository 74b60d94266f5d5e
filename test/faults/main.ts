/**
 * The long fault sets, on demand:
 *
 *   npm run faults -- --services 2000 --kills 30 --seed any
 *   npm run faults -- unplug --services 1000 --seed any
 *
 * Each ends with 0 when nothing was lost, doubled, changed or unexplained, else with 1.
 */
import { parseArgs } from 'node:util';
import { Hall } from '../support/hall.js';
import { runCampaign } from './kill-campaign.js';
import { runUnplugCampaign } from './unplug-campaign.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    services: { type: 'string' },
    kills: { type: 'string', default: '30' },
    terminals: { type: 'string', default: '3' },
    seed: { type: 'string', default: 'long' },
  },
});
const { seed } = values;
const begun = Date.now();
const onProgress = (text: string) => console.log(text);
if (positionals[0] === 'unplug') await unplug(Number(values.services ?? 1000));
else await kill(Number(values.services ?? 2000));

async function kill(services: number): Promise<void> {
  const hall = await new Hall({ terminals: Number(values.terminals) }).start();
  try {
    const findings = await runCampaign(hall, { seed, services, kills: Number(values.kills), onProgress });
    const { seen, lost, doubled, wrong, unexplained } = findings;
    report({ ...findings, seen: undefined, services: seen.length }, [lost, doubled, wrong, unexplained]);
  } finally {
    await hall.stop();
  }
}

async function unplug(services: number): Promise<void> {
  const hall = await new Hall({ plugs: true, policy: { changeOfMindMs: 100 } }).start();
  try {
    const findings = await runUnplugCampaign(hall, { seed, services, onProgress });
    const { lost, doubled, wrong, twiceUnmarked, without } = findings;
    report(findings, [lost, doubled, wrong, twiceUnmarked, without]);
  } finally {
    await hall.stop();
  }
}

function report(findings: object, faults: readonly (readonly string[])[]): void {
  console.log(JSON.stringify({ seed, seconds: Math.round((Date.now() - begun) / 1000), ...findings }, null, 2));
  if (faults.flat().length > 0) process.exitCode = 1;
}
