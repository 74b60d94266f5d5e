/**
 * The long fault set, on demand: `npm run faults -- --services 2000 --kills 30 --seed any`.
 * Ends with 0 when nothing was lost, doubled, changed or unexplained, else with 1.
 */
import { parseArgs } from 'node:util';
import { Hall } from '../support/hall.js';
import { runCampaign } from './kill-campaign.js';

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '30' },
    terminals: { type: 'string', default: '3' },
    seed: { type: 'string', default: 'long' },
  },
});

const begun = Date.now();
const hall = await new Hall({ terminals: Number(values.terminals) }).start();
try {
  const findings = await runCampaign(hall, {
    seed: values.seed,
    services: Number(values.services),
    kills: Number(values.kills),
    onProgress: (text) => console.log(text),
  });
  const { seen, accepted, unknown, kills, lost, doubled, wrong, unexplained } = findings;
  console.log(
    JSON.stringify(
      {
        seed: values.seed,
        seconds: Math.round((Date.now() - begun) / 1000),
        services: seen.length,
        accepted,
        unknown,
        kills,
        lost,
        doubled,
        wrong,
        unexplained,
      },
      null,
      2,
    ),
  );
  if (lost.length + doubled.length + wrong.length + unexplained.length > 0) process.exitCode = 1;
} finally {
  await hall.stop();
}
