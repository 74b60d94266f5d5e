/** Opens a log, appends, acknowledges and appends again, so many times each, and dies where it stands. To be watched by strace. */
import { join } from 'node:path';
import { TerminalLog } from '../../device/log/terminal-log.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  systemClock,
} from '../../protocol/runtime/node-suite.js';

const [folder = '', appends = '0', acknowledgements = '0', more = '0'] = process.argv.slice(2);
const log = new TerminalLog({
  file: join(folder, 'log.db'),
  source: 'hall/t1',
  bootId: nodeRandomness.newId(),
  suite: nodeSuite,
  clock: systemClock,
  signer: headSigner(generateLogKey().privatePem),
  randomness: nodeRandomness,
  clockState: () => 'synced',
});
log.open();
append(Number(appends));
for (let n = 1; n <= Number(acknowledgements); n += 1) {
  const [epoch] = log.epochs();
  if (epoch === undefined) throw new Error('no epoch');
  const headHash = nodeSuite.base64urlEncode(log.hashAt(epoch, epoch.endSeq) ?? new Uint8Array());
  log.acknowledge(epoch, {
    storeId: nodeRandomness.newId(),
    generation: 1,
    throughSeq: epoch.endSeq,
    headHash,
    sig: String(n),
  });
}
append(Number(more));
process.kill(process.pid, 'SIGKILL');

/** Two entries each, so that an append is not taken for an entry. */
function append(times: number): void {
  for (let n = 1; n <= times; n += 1) {
    log.append([
      { kind: 'duty.on', body: { staffNo: String(n) } },
      { kind: 'boot', body: { version: String(n) } },
    ]);
  }
}
