/** A second program, as patient as an operator's command, that writes into the hall's own log: `own-log-writer <folder> <pem file> <entries>`. */
import { readFileSync } from 'node:fs';
import { COMMAND_PATIENCE_MS } from '../../gateway/operate/with-hall.js';
import { openStore } from '../../gateway/store/store.js';
import { headSigner, nodeRandomness, nodeSuite, systemClock } from '../../protocol/runtime/node-suite.js';

const [folder = '', pemFile = '', total = '0'] = process.argv.slice(2);
const store = await openStore(folder, {
  suite: nodeSuite,
  signer: headSigner(readFileSync(pemFile, 'utf8')),
  clock: systemClock,
  randomness: nodeRandomness,
  bootId: nodeRandomness.newId(),
  source: 'demo/@gw',
  version: '0.0.0-test',
  patienceMs: COMMAND_PATIENCE_MS,
});
process.stdout.write(`${JSON.stringify({ event: 'listening' })}\n`);
for (let n = 1; n <= Number(total); n += 1) {
  await store.db.transaction().execute((trx) => store.own.append(trx, 'policy', { policy: `beside ${n}` }));
}
await store.close();
