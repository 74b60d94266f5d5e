/** Takes so many groups of batches, each of several terminals, one group after the other, and dies where it stands. To be watched by strace. */
import { Ingest } from '../../gateway/ingest/ingest.js';
import { Registry } from '../../gateway/registry/registry.js';
import { openStore } from '../../gateway/store/store.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { TerminalChain } from './terminal-chain.js';

const [folder = '', groups = '0'] = process.argv.slice(2);
const key = generateLogKey();
const signer = headSigner(key.privatePem);
const store = await openStore(folder, {
  suite: nodeSuite,
  signer,
  clock: systemClock,
  randomness: nodeRandomness,
  bootId: nodeRandomness.newId(),
  source: 'demo/@gw',
  version: 'test',
});
const registry = new Registry({ db: store.db, own: store.own, clock: systemClock });
const chains: TerminalChain[] = [];
for (let n = 0; n < 5; n += 1) {
  const chain = new TerminalChain({ terminal: `t${n}`, key: generateLogKey() });
  await registry.addTerminal(chain.terminal, '1', chain.key.publicKey);
  chain.first();
  chains.push(chain);
}
const ingest = new Ingest({
  hall: 'demo',
  store,
  registry,
  suite: nodeSuite,
  signer,
  verifyOwn: signatureCheck(key.publicKey),
  clock: systemClock,
  logger: createLogger('gateway', { level: 'silent' }),
  publishAck: () => undefined,
  onCommit: () => undefined,
  onQuarantine: () => undefined,
});
for (let group = 0; group < Number(groups); group += 1) {
  for (const chain of chains) {
    const from = chain.headSeq + 1;
    for (let n = 0; n < 10; n += 1) chain.ratedService(`${chain.terminal}-${group}-${n}`);
    chain.append('resume', {});
    ingest.batch(chain.terminal, chain.batch(group === 0 ? 1 : from, chain.headSeq - 1));
    // A second batch, and one that comes twice.
    ingest.batch(chain.terminal, chain.batch(chain.headSeq, chain.headSeq));
    ingest.batch(chain.terminal, chain.batch(chain.headSeq, chain.headSeq));
  }
  await ingest.idle();
}
process.kill(process.pid, 'SIGKILL');
