/** Real databases to tamper with: a terminal's log and a hall's store, closed and copied for each attack. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TerminalLog } from '../../device/log/terminal-log.js';
import { verifyFile, type VerifyReport } from '../../gateway/verify/verify-file.js';
import { ackMessage, batchDraftLimits, encodeBatch, encodeEntry, type Level } from '../../protocol/index.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  type LogKeyPair,
} from '../../protocol/runtime/node-suite.js';
import { HallLog, temporaryFolder } from '../ingest/hall-log.js';
import { VirtualClock } from '../ingest/virtual-clock.js';

export interface Evidence {
  readonly file: string;
  /** Keys that an auditor brings along. */
  readonly publicKeys: readonly string[];
  readonly source: string;
  readonly epochColumn: 'epochId' | 'epoch_id';
  /** Row id of the chain that is tampered with. */
  readonly epochId: number;
  readonly epoch: string;
  readonly firstSeq: number;
  readonly headSeq: number;
  /** Through here somebody else's word stands: the head's signature, or the gateway's acknowledgement. */
  readonly promisedSeq: number;
}

const DAY_MS = 86_400_000;
const SOURCE = 'demo/t1';

function openTerminalLog(file: string, key: LogKeyPair, clock: VirtualClock): TerminalLog {
  const log = new TerminalLog({
    file,
    source: SOURCE,
    bootId: nodeRandomness.newId(),
    suite: nodeSuite,
    signer: headSigner(key.privatePem),
    clock,
    randomness: nodeRandomness,
    clockState: () => 'synced',
  });
  log.open();
  return log;
}

/** Twenty services, sixty entries after the first. */
function serve(log: TerminalLog, clock: VirtualClock): void {
  for (let n = 1; n <= 20; n += 1) {
    const service = { serviceId: `s-${n}`, caseNo: `案-${n}`, stage: 'completion' as const };
    const rated = { id: nodeRandomness.newId(), serviceId: service.serviceId, level: ((n % 5) + 1) as Level };
    log.append([{ kind: 'service.opened', body: { ...service, origin: 'command', policy: 'default@1' } }]);
    clock.advance(5_000);
    log.append([{ kind: 'press', body: { ...rated, via: 'key' } }]);
    clock.advance(5_000);
    log.append([{ kind: 'rating', body: { ...rated, cause: 'time-over' } }]);
    clock.advance(DAY_MS);
  }
}

/**
 * A terminal's log of 61 entries, acknowledged through 50; `pruned` lacks what is older than the tenth service; one that
 * was `leftBehind` for a new epoch was acknowledged to its end, and all of it is gone.
 */
export function terminalEvidence(options: { pruned?: boolean; leftBehind?: boolean } = {}): Evidence {
  const [key, gatewayKey, clock] = [generateLogKey(), generateLogKey(), new VirtualClock()];
  const file = join(temporaryFolder(), 'log.db');
  const log = openTerminalLog(file, key, clock);
  const beganMs = clock.wallMs();
  serve(log, clock);
  const [epoch] = log.epochs();
  if (epoch === undefined) throw new Error('no epoch');
  const promisedSeq = options.leftBehind === true ? epoch.endSeq : 50;
  const hash = log.hashAt(epoch, promisedSeq);
  if (hash === null) throw new Error('nothing to promise');
  const place = {
    epoch: epoch.epoch,
    throughSeq: promisedSeq,
    headHash: nodeSuite.base64urlEncode(hash),
    storeId: nodeRandomness.newId(),
    generation: 1,
  };
  const { epoch: _epoch, ...promised } = place;
  log.acknowledge(epoch, {
    ...promised,
    sig: nodeSuite.base64urlEncode(headSigner(gatewayKey.privatePem).sign(ackMessage(nodeSuite, SOURCE, place))),
  });
  if (options.pruned === true) log.prune(beganMs + 10 * DAY_MS, 1_000);
  if (options.leftBehind === true) {
    log.leave({ ...epoch, ackedSeq: promisedSeq }, 'stopped');
    log.prune(clock.wallMs(), 1_000);
  }
  const [after] = log.epochs();
  log.close();
  return {
    file,
    publicKeys: [key.publicKey, gatewayKey.publicKey],
    source: SOURCE,
    epochColumn: 'epoch_id',
    epochId: epoch.id,
    epoch: epoch.epoch,
    firstSeq: (after?.prunedSeq ?? 0) + 1,
    headSeq: after?.endSeq ?? 0,
    promisedSeq,
  };
}

/** A hall's store with the batches of such a terminal. */
export async function hallEvidence(): Promise<Evidence> {
  const hall = await HallLog.open();
  const [key, clock] = [generateLogKey(), new VirtualClock()];
  await hall.registry.addTerminal('t1', '1', key.publicKey);
  const log = openTerminalLog(join(temporaryFolder(), 'log.db'), key, clock);
  serve(log, clock);
  const [epoch] = log.epochs();
  if (epoch === undefined) throw new Error('no epoch');
  for (let seq = 1; seq <= epoch.endSeq;) {
    const slice = log.slice(epoch, seq, 20, batchDraftLimits.bytes);
    if (slice === null) throw new Error('nothing to send');
    const time = { bootId: nodeRandomness.newId(), mono: clock.monoMs(), at: clock.wallMs() };
    await hall.arrive([
      't1',
      encodeBatch(nodeSuite, headSigner(key.privatePem), { source: SOURCE, epoch: epoch.epoch, ...slice, time }),
    ]);
    seq += slice.entries.length;
  }
  log.close();
  const [row] = hall.rows<{ id: number }>('SELECT id FROM epoch WHERE source = ?', SOURCE);
  await hall.close();
  return {
    file: join(hall.folder, 'hall.db'),
    publicKeys: [hall.key.publicKey],
    source: SOURCE,
    epochColumn: 'epochId',
    epochId: row?.id ?? 0,
    epoch: epoch.epoch,
    firstSeq: 1,
    headSeq: epoch.endSeq,
    promisedSeq: epoch.endSeq,
  };
}

export function verify(file: string, { publicKeys }: Evidence): VerifyReport {
  return verifyFile(file, { suite: nodeSuite, publicKeys });
}

/** An entry that nobody wrote. */
export function foreignEntry({ source, epoch }: Evidence, seq: number): Uint8Array {
  return encodeEntry(nodeSuite, {
    source,
    epoch,
    seq,
    kind: 'press',
    at: 1,
    bootId: 'AAAAAAAAAAA',
    mono: 1,
    clock: 'synced',
    body: { id: 'AAAAAAAAAAA', serviceId: 's-1', level: 5, via: 'key' },
  });
}

interface Row {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

/** A copy of the database in the hands of somebody who may write to it. */
export class Tampering {
  readonly file: string;
  readonly #evidence: Evidence;
  readonly db: Database.Database;
  /** What was removed, so that it can be put back where it stood. */
  readonly #removed = new Map<number, Record<string, unknown>>();

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.file = join(temporaryFolder(), 'tampered.db');
    copyFileSync(evidence.file, this.file);
    this.db = new Database(this.file);
    this.db.pragma('synchronous = OFF');
  }

  rows(): Row[] {
    return this.db.prepare(`SELECT seq, bytes, hash FROM entry WHERE ${this.#mine} ORDER BY seq`).all() as Row[];
  }

  row(seq: number): Row {
    return this.db.prepare(`SELECT seq, bytes, hash FROM entry WHERE ${this.#mine} AND seq = ?`).get(seq) as Row;
  }

  set(seq: number, change: { bytes?: Uint8Array; hash?: Uint8Array; seq?: number }): void {
    for (const [column, value] of Object.entries(change)) {
      this.db.prepare(`UPDATE entry SET ${column} = ? WHERE ${this.#mine} AND seq = ?`).run(value, seq);
    }
    // A terminal's entries are keyed by epoch and seq in one number: whoever knows what he does changes both.
    if (change.seq !== undefined && this.#isTerminal)
      this.db
        .prepare(`UPDATE entry SET place = (epoch_id << 32) | seq WHERE ${this.#mine} AND seq = ?`)
        .run(change.seq);
  }

  remove(fromSeq: number, throughSeq = fromSeq): void {
    const gone = this.db
      .prepare(`SELECT * FROM entry WHERE ${this.#mine} AND seq BETWEEN ? AND ?`)
      .all(fromSeq, throughSeq) as (Record<string, unknown> & { seq: number })[];
    for (const row of gone) this.#removed.set(row.seq, row);
    this.db.prepare(`DELETE FROM entry WHERE ${this.#mine} AND seq BETWEEN ? AND ?`).run(fromSeq, throughSeq);
  }

  insert(seq: number, bytes: Uint8Array, hash: Uint8Array): void {
    const { epochColumn, epochId } = this.#evidence;
    const others = this.#isTerminal ? { at: 1, place: epochId * 2 ** 32 + seq } : { kind: 'press', receivedAt: 1 };
    const values = { [epochColumn]: epochId, ...others, ...this.#removed.get(seq), seq, bytes, hash };
    const columns = Object.keys(values);
    this.db
      .prepare(`INSERT INTO entry (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
      .run(...Object.values(values));
  }

  report(): VerifyReport {
    return verify(this.file, this.#evidence);
  }

  close(): void {
    this.db.close();
  }

  get #isTerminal(): boolean {
    return this.#evidence.epochColumn === 'epoch_id';
  }

  get #mine(): string {
    return `${this.#evidence.epochColumn} = ${this.#evidence.epochId}`;
  }
}
