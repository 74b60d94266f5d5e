/** A night's backlog as terminals hold it: signed batches, packed as the terminal packs them. */
import { randomBytes } from 'node:crypto';
import {
  batchDraftLimits,
  encodeBatch,
  encodeEntry,
  genesisHash,
  nextHash,
  terminalSource,
  type EntryBody,
  type EntryKind,
} from '../../protocol/index.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  type LogKeyPair,
} from '../../protocol/runtime/node-suite.js';

export const HALL = 'bench';

export interface WaitingBatch {
  readonly lastSeq: number;
  readonly payload: Uint8Array;
}

export interface TerminalBacklog {
  readonly terminal: string;
  readonly key: LogKeyPair;
  readonly entries: number;
  readonly batches: readonly WaitingBatch[];
}

/** A terminal at work: it sends each entry alone. */
export function makeOnline(ratings: number): TerminalBacklog {
  return terminalBacklog('window-999', ratings, 1);
}

/** `ratings` rated services, spread evenly over terminals; three entries each and one that opens each log. */
export function makeBacklog(terminals: number, ratings: number): TerminalBacklog[] {
  return Array.from({ length: terminals }, (_, n) => {
    const share = Math.floor(ratings / terminals) + (n < ratings % terminals ? 1 : 0);
    return terminalBacklog(`window-${String(n + 1).padStart(3, '0')}`, share);
  });
}

/** One terminal's log, packed so many entries a batch at most. */
export function terminalBacklog(
  terminal: string,
  ratings: number,
  entriesABatch: number = batchDraftLimits.entries,
): TerminalBacklog {
  const key = generateLogKey();
  const signer = headSigner(key.privatePem);
  const source = terminalSource(HALL, terminal);
  const [epoch, bootId] = [nodeRandomness.newId(), nodeRandomness.newId()];
  const entries: Uint8Array[] = [];
  let mono = 1_000_000;
  const write = <K extends EntryKind>(kind: K, body: EntryBody<K>) => {
    mono += 500 + Math.floor(Math.random() * 9_000);
    const seq = entries.length + 1;
    const at = 1_789_990_000_000 + mono;
    entries.push(encodeEntry(nodeSuite, { source, epoch, seq, kind, at, bootId, mono, clock: 'synced', body }));
  };
  write('epoch', { cause: 'first', ancestor: null, keyId: key.keyId });
  for (let n = 0; n < ratings; n += 1) {
    const serviceId = randomBytes(8).toString('hex');
    const id = nodeRandomness.newId();
    const level = ([5, 5, 5, 4, 4, 3, 2, 1] as const)[n % 8] ?? 5;
    const caseNo = `20260921${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
    write('service.opened', {
      serviceId,
      caseNo,
      stage: 'completion',
      ...(n % 4 === 0 ? { matter: { code: '370800-01', name: '企业开办登记' } } : {}),
      origin: 'command',
      window: terminal.slice(-3),
      staffNo: '1024',
      policy: 'default@5a0e7c31',
    });
    write('press', { id, serviceId, level, via: 'key' });
    write('rating', { id, serviceId, level, cause: n % 3 === 0 ? 'next-service' : 'time-over' });
  }
  const batches: WaitingBatch[] = [];
  let prevHash = genesisHash(nodeSuite, source, epoch);
  for (let from = 0; from < entries.length;) {
    const part: Uint8Array[] = [];
    let bytes = 0;
    let headHash = prevHash;
    for (const entry of entries.slice(from, from + entriesABatch)) {
      if (bytes + entry.length > batchDraftLimits.bytes) break;
      bytes += entry.length;
      headHash = nextHash(nodeSuite, headHash, entry);
      part.push(entry);
    }
    const time = { bootId, mono: mono + 1_000, at: 1_789_990_001_000 + mono };
    const payload = encodeBatch(nodeSuite, signer, {
      source,
      epoch,
      firstSeq: from + 1,
      prevHash,
      entries: part,
      headHash,
      time: { ...time, echo: { gatewayTime: time.at - 500, mono: mono + 500 } },
    });
    from += part.length;
    batches.push({ lastSeq: from, payload });
    prevHash = headHash;
  }
  return { terminal, key, entries: entries.length, batches };
}
