/**
 * A hall's database of any size, as a gateway would have written it: services that were opened, pressed, rated and
 * answered by the centre, their entries in chains of terminals and of the gateway, and all their rows.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../gateway/store/store.js';
import { genesisHash, headMessage, nextHash, type HeadSigner } from '../../protocol/index.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  type LogKeyPair,
} from '../../protocol/runtime/node-suite.js';
import { VirtualClock } from '../ingest/virtual-clock.js';
import { Registry } from '../../gateway/registry/registry.js';
import { openStore } from '../../gateway/store/store.js';

export interface LargeStore {
  readonly file: string;
  /** The gateway's key. */
  readonly key: LogKeyPair;
  /** All entries of all chains. */
  readonly entries: number;
}

/** Entries of a service: opened, press, rating; and the centre's answer in the own log. */
const ENTRIES_OF_A_SERVICE = 4;
/** Services of a terminal that arrive together. */
const ARRIVING = 25;

class Chain {
  seq = 0;
  hash: Uint8Array;

  constructor(
    readonly id: number,
    readonly source: string,
    readonly epoch: string,
    readonly signer: HeadSigner,
    at: { seq: number; hash: Uint8Array } | null,
  ) {
    this.hash = at?.hash ?? genesisHash(nodeSuite, source, epoch);
    this.seq = at?.seq ?? 0;
  }

  next(kind: string, at: number, body: object): Buffer {
    this.seq += 1;
    const { source, epoch, seq } = this;
    const moment = { at, bootId: 'AAAAAAAAAAA', mono: at - 1_700_000_000_000, clock: 'synced' };
    const bytes = Buffer.from(JSON.stringify({ source, epoch, seq, kind, ...moment, body }));
    this.hash = nextHash(nodeSuite, this.hash, bytes);
    return bytes;
  }
}

export async function makeLargeStore(folder: string, entries: number, terminals = 1): Promise<LargeStore> {
  const key = generateLogKey();
  const clock = new VirtualClock();
  const signer = headSigner(key.privatePem);
  const store = await openStore(folder, {
    suite: nodeSuite,
    signer,
    clock,
    randomness: nodeRandomness,
    bootId: nodeRandomness.newId(),
    source: 'demo/@gw',
    version: '0.0.0-test',
  });
  const registry = new Registry({ db: store.db, own: store.own, clock });
  const keys = Array.from({ length: terminals }, () => generateLogKey());
  for (const [index, { publicKey }] of keys.entries())
    await registry.addTerminal(`t${index + 1}`, String(index + 1), publicKey);
  await store.close();

  const file = join(folder, DATABASE_FILE);
  const db = new Database(file);
  db.pragma('synchronous = OFF');
  const ownRow = db.prepare('SELECT id, epoch, throughSeq AS seq, headHash AS hash FROM epoch').get() as {
    id: number;
    epoch: string;
    seq: number;
    hash: Buffer;
  };
  const own = new Chain(ownRow.id, 'demo/@gw', ownRow.epoch, signer, ownRow);
  const chains = keys.map(({ privatePem }, index) => {
    const [source, epoch] = [`demo/t${index + 1}`, nodeRandomness.newId()];
    const { lastInsertRowid } = db
      .prepare("INSERT INTO epoch (source, epoch, throughSeq, headHash, openedAt) VALUES (?, ?, 0, x'', 1)")
      .run(source, epoch);
    return new Chain(Number(lastInsertRowid), source, epoch, headSigner(privatePem), null);
  });
  const insert = db.prepare(
    'INSERT INTO entry (epochId, seq, kind, bytes, hash, receivedAt) VALUES (?, ?, ?, ?, ?, 1)',
  );
  const append = (chain: Chain, kind: string, at: number, body: object) => {
    const bytes = chain.next(kind, at, body);
    return Number(insert.run(chain.id, chain.seq, kind, bytes, chain.hash).lastInsertRowid);
  };
  const service = db.prepare(
    `INSERT INTO service (serviceId, terminal, caseNo, stage, "window", staffNo, state, origin, openedAt, closedAt,
       endCause, closedSeenAt, ratingId, requestedAt) VALUES (?, ?, ?, 'completion', '1', '1001', 'closed', 'command', ?, ?, 'time-over', 1, ?, 1)`,
  );
  const press = db.prepare("INSERT INTO press VALUES (?, ?, ?, ?, ?, 'AAAAAAAAAAA', ?, 1, NULL, NULL)");
  const rating = db.prepare(
    "INSERT INTO rating (ratingId, serviceId, level, channel, cause, entryId, at) VALUES (?, ?, ?, 'window', 'time-over', ?, ?)",
  );
  const forward = db.prepare(
    "INSERT INTO forward (ratingId, state, attempts, nextAt, claimedUntil, deliveredAt) VALUES (?, 'delivered', 0, 1, 0, 1)",
  );
  const total = Math.floor((entries - own.seq - terminals) / ENTRIES_OF_A_SERVICE);
  db.transaction(() => {
    for (const chain of chains)
      append(chain, 'epoch', 1_790_000_000_000, { cause: 'first', ancestor: null, keyId: chain.signer.keyId });
    for (let n = 0; n < total; n += 1) {
      const index = Math.floor(n / ARRIVING) % terminals;
      const chain = chains[index] as Chain;
      const [at, id, level] = [1_790_000_000_000 + n * 1_000, nodeRandomness.newId(), (n % 5) + 1];
      const [serviceId, caseNo] = [`g-${nodeRandomness.newId()}${nodeRandomness.newId()}`, `2026-案-${n}`];
      append(chain, 'service.opened', at, {
        serviceId,
        caseNo,
        stage: 'completion',
        origin: 'command',
        window: '1',
        staffNo: '1001',
        policy: 'default@1',
      });
      const pressed = append(chain, 'press', at + 100, { id, serviceId, level, via: 'key' });
      const rated = append(chain, 'rating', at + 200, { id, serviceId, level, cause: 'time-over' });
      append(own, 'centre.answered', at + 300, { ratingId: id, outcome: 'accepted' });
      service.run(serviceId, `t${index + 1}`, caseNo, at, at + 200, id);
      press.run(id, serviceId, level, pressed, at + 100, at + 100 - 1_700_000_000_000);
      rating.run(id, serviceId, level, rated, at + 100);
      forward.run(id);
    }
    const head = db.prepare(
      'UPDATE epoch SET throughSeq = ?, headHash = ?, signedSeq = ?, keyId = ?, signature = ? WHERE id = ?',
    );
    for (const { id, source, epoch, seq, hash, signer: by } of [own, ...chains]) {
      const signature = by.sign(headMessage(nodeSuite, { source, epoch, seq, hash }));
      head.run(seq, hash, seq, by.keyId, signature, id);
    }
  })();
  const stored = db.prepare('SELECT count(*) FROM entry').pluck().get() as number;
  db.close();
  return { file, key, entries: stored };
}
