/**
 * Codes at the door of the phone page: how many forged ones a second are refused, and that nothing of them reaches the
 * database; beside them, how many looks at true ones. One thread, the real desk, registry and store.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeDesk } from '../../gateway/rate/code-desk.js';
import { FirstProgress } from '../../gateway/rate/first-progress.js';
import { RefusedCodes } from '../../gateway/rate/refused-codes.js';
import { ReceiptKeyDesk } from '../../gateway/registry/receipt-key-desk.js';
import { RECEIPT_KEYS_FILE } from '../../gateway/registry/receipt-key-file.js';
import { ReceiptKeys } from '../../gateway/registry/receipt-keys.js';
import { Registry } from '../../gateway/registry/registry.js';
import { DATABASE_FILE, openStore } from '../../gateway/store/store.js';
import { makeReceiptToken } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { until } from '../support/hall.js';

const TERMINALS = 60;
const SECONDS_EACH = 3;
const CALLER = { address: '203.0.113.7', device: 'bench' };

export async function benchCodes(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-bench-codes-'));
  const logger = createLogger('bench', { level: 'silent' });
  const clock = systemClock;
  const store = await openStore(folder, {
    suite: nodeSuite,
    signer: headSigner(generateLogKey().privatePem),
    clock,
    randomness: nodeRandomness,
    bootId: nodeRandomness.newId(),
    source: 'bench/@gw',
    version: 'bench',
  });
  try {
    const registry = new Registry({ db: store.db, own: store.own, clock });
    const file = join(folder, RECEIPT_KEYS_FILE);
    const keyDesk = new ReceiptKeyDesk({ store, file, suite: nodeSuite, clock });
    const key = new Uint8Array(32).fill(7);
    for (let number = 1; number <= TERMINALS; number += 1) {
      await registry.addTerminal(`t${number}`, String(number), generateLogKey().publicKey);
      key[0] = number;
      await keyDesk.add(`t${number}`, { terminalNumber: number, keyNumber: 1, key: key.slice() });
    }
    const { policy } = readPolicy('gateway/policies/default.yaml');
    const refused = new RefusedCodes({ store, clock, logger });
    const door = new CodeDesk({
      db: store.db,
      clock,
      policy,
      keys: new ReceiptKeys({ file, suite: nodeSuite, clock }),
      desk: { rate: () => Promise.reject(new Error('nobody rates here')) },
      progress: new FirstProgress(store.db),
      refused,
    });
    const codes = (total: number, changed: boolean) =>
      Array.from({ length: total }, (_, at) => {
        const number = 1 + (at % TERMINALS);
        key[0] = number;
        const token = makeReceiptToken(nodeSuite, {
          terminalNumber: number,
          keyNumber: 1,
          key,
          serviceId: `bench-${at}`,
          nowMs: clock.wallMs(),
        });
        const bytes = Buffer.from(token, 'base64url');
        if (changed) bytes[20] = (bytes[20] as number) ^ 1;
        return bytes.toString('base64url');
      });
    const bytes = () => [DATABASE_FILE, `${DATABASE_FILE}-wal`].map((name) => statSync(join(folder, name)).size).join();
    // The one entry that a flood leaves a minute.
    const first = codes(1, true)[0] ?? '';
    await door.look(first, CALLER).catch(() => undefined);
    const entry = () => store.db.selectFrom('entry').select('id').where('kind', '=', 'code.refused').executeTakeFirst();
    await until('the refusal stands in the log', async () => (await entry()) !== undefined);
    const before = bytes();
    const forged = await paceOf(door, codes(5_000, true), 'refused');
    const isUntouched = bytes() === before;
    const looked = await paceOf(door, codes(5_000, false), 'open');
    await refused.stop();
    return [
      `codes: forged codes refused ${told(forged)}, database and write-ahead log ${isUntouched ? 'untouched' : 'WRITTEN TO'}`,
      `codes: true codes of unknown services looked at ${told(looked)} (${TERMINALS} terminals)`,
    ];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Pace {
  readonly perSecond: number;
  /** The same by this process's own time on the processor: what it would be on an idle machine. */
  readonly perProcessorSecond: number;
}

function told({ perSecond, perProcessorSecond }: Pace): string {
  return `${perSecond.toFixed(0)}/s (${perProcessorSecond.toFixed(0)} a second of processor time)`;
}

/** @throws when one comes out otherwise than it should. */
async function paceOf(door: CodeDesk, codes: readonly string[], outcome: 'refused' | 'open'): Promise<Pace> {
  const [begun, used] = [performance.now(), process.cpuUsage()];
  let done = 0;
  while (performance.now() - begun < SECONDS_EACH * 1_000) {
    for (const code of codes) {
      const state = await door.look(code, CALLER).then(
        (standing) => standing.state,
        () => 'refused',
      );
      if (state !== outcome) throw new Error(`a code came out as ${state}, not ${outcome}`);
    }
    done += codes.length;
  }
  const { user, system } = process.cpuUsage(used);
  return {
    perSecond: (done * 1_000) / (performance.now() - begun),
    perProcessorSecond: (done * 1_000_000) / (user + system),
  };
}
