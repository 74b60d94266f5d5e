/** A hall's edge that takes evaluators: the real safe with a real ring of keys, apart from the store's folder. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EvaluatorSafe } from '../../gateway/evaluator/evaluator-safe.js';
import { newRing, ringExists, writeRing } from '../../gateway/evaluator/key-ring-file.js';
import { KeyRing } from '../../gateway/evaluator/key-ring.js';
import { readSealed } from '../../gateway/evaluator/sealed-rows.js';
import type { SuiteName } from '../../gateway/evaluator/seal-suite.js';
import { openHallStore, OWN_SOURCE, temporaryFolder } from '../ingest/hall-log.js';
import { VirtualClock } from '../ingest/virtual-clock.js';
import { generateLogKey, type LogKeyPair } from '../../protocol/runtime/node-suite.js';
import type { Store } from '../../gateway/store/store.js';
import { HallEdge } from '../api/hall-edge.js';

export const NOW_MS = 1_790_000_000_000;

/** A ring of one key in a folder of its own. @returns the file. */
export function ringFile(suite: SuiteName = 'aes-256-gcm'): string {
  const folder = mkdtempSync(join(tmpdir(), 'pjq-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'evaluator-keys.json');
  writeRing(file, newRing(suite, NOW_MS));
  return file;
}

/** With terminal t1 at window A12. */
export async function edgeWithSafe(file = ringFile()): Promise<HallEdge & { readonly evaluators: EvaluatorSafe }> {
  const hall = new HallEdge();
  let safe: EvaluatorSafe | undefined;
  hall.safe = (store, clock) => (safe = new EvaluatorSafe({ store, clock, ring: new KeyRing(file) }));
  await hall.start();
  onTestFinished(() => hall.remove());
  await hall.addTerminal('t1', 'A12');
  return Object.defineProperty(hall, 'evaluators', { get: () => safe }) as HallEdge & { evaluators: EvaluatorSafe };
}

export interface SafeStore {
  readonly store: Store;
  readonly safe: EvaluatorSafe;
  readonly ring: KeyRing;
  readonly file: string;
  readonly folder: string;
  readonly clock: VirtualClock;
  readonly key: LogKeyPair;
}

/** A store and a safe without an edge. */
export async function safeStore({
  folder = temporaryFolder(),
  file = ringFile(),
  key = generateLogKey(),
}: { folder?: string; file?: string; key?: LogKeyPair } = {}): Promise<SafeStore> {
  if (!ringExists(file)) throw new Error('no ring');
  const clock = new VirtualClock();
  const store = await openHallStore(folder, key, clock, OWN_SOURCE);
  onTestFinished(() => store.close());
  const ring = new KeyRing(file);
  return { store, ring, file, folder, clock, key, safe: new EvaluatorSafe({ store, ring, clock }) };
}

/** A row as it is kept, with its wrapped data key. */
export async function sealedRow({ db }: Pick<Store, 'db'>, serviceId: string) {
  const kept = await readSealed(db, serviceId);
  const row = await db
    .selectFrom('evaluator')
    .select(['contactBasis', 'sealedAt'])
    .where('serviceId', '=', serviceId)
    .executeTakeFirst();
  return kept === undefined || row === undefined ? undefined : { ...kept, ...row };
}

/** The content of every file below a folder. */
export function filesBelow(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name)));
}

/** Whether these bytes stand in any file below a folder, or in any of these files. */
export function standsIn(where: string | readonly Buffer[], bytes: Uint8Array | null): boolean {
  if (bytes === null || bytes.length < 8) throw new RangeError('nothing to look for');
  const files = typeof where === 'string' ? filesBelow(where) : where;
  return files.some((file) => file.includes(Buffer.from(bytes)));
}
