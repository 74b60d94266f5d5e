/**
 * Presses and presses on a log whose disk fails now and then, tells of each press whether it was taken, and dies where
 * it stands. To be run under strace, which makes the disk fail: the faults begin where the program says `open`.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { isPjqError } from '../../protocol/index.js';
import { TerminalLog } from '../../device/log/terminal-log.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  systemClock,
} from '../../protocol/runtime/node-suite.js';

const [folder = '', presses = '0', end = 'kill'] = process.argv.slice(2);
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
say('open');
for (let n = 1; n <= Number(presses); n += 1) {
  try {
    log.append([{ kind: 'press', body: { id: nodeRandomness.newId(), serviceId: `S${n}`, level: 5, via: 'key' } }]);
    say(`taken S${n}`);
  } catch (error) {
    if (!isPjqError(error)) throw error;
    say(`refused S${n} ${error.code}`);
  }
}
if (end === 'kill') process.kill(process.pid, 'SIGKILL');
log.close();

/** At once, so that what was said was said before the end. */
function say(text: string): void {
  writeSync(1, `${text}\n`);
}
