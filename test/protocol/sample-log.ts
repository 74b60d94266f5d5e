/** A terminal's log in small: entries as they are in a hall, chained and signed with a real key. */
import {
  encodeBatch,
  encodeEntry,
  genesisHash,
  headMessage,
  nextHash,
  type BatchParts,
  type EntryBody,
  type EntryKind,
  type HeadSigner,
  type VerifySignature,
} from '../../protocol/index.js';
import { generateLogKey, headSigner, nodeSuite, signatureCheck } from '../../protocol/runtime/node-suite.js';

export const SOURCE = 'hall-1/window-07';
export const EPOCH = 'epoch-00001';
const BOOT = 'boot-000001';

export interface LogKey {
  readonly signer: HeadSigner;
  readonly check: VerifySignature;
}

export function newKey(): LogKey {
  const { privatePem, publicKey } = generateLogKey();
  return { signer: headSigner(privatePem), check: signatureCheck(publicKey) };
}

export function entryOf<K extends EntryKind>(seq: number, kind: K, body: EntryBody<K>): Uint8Array {
  const at = 1_790_000_000_000 + seq * 1_000;
  return encodeEntry(nodeSuite, {
    source: SOURCE,
    epoch: EPOCH,
    seq,
    kind,
    at,
    bootId: BOOT,
    mono: seq * 1_000,
    clock: 'synced',
    body,
  });
}

/** One rated service from its opening to its rating: three entries, with a case and a matter in Chinese. */
export function ratedService(firstSeq: number, level: 1 | 2 | 3 | 4 | 5 = 5): Uint8Array[] {
  const serviceId = `S-${firstSeq}`;
  const id = `press${String(firstSeq).padStart(6, '0')}`;
  return [
    entryOf(firstSeq, 'service.opened', {
      serviceId,
      caseNo: `办件〔2026〕${firstSeq}号`,
      stage: 'completion',
      matter: { code: '11370000MB284651', name: '内资企业设立登记', label: '企业登记' },
      origin: 'command',
      window: '7号窗口',
      staffNo: '1024',
      policy: 'default@0f1e2d3c',
    }),
    entryOf(firstSeq + 1, 'press', { id, serviceId, level, via: 'key' }),
    entryOf(firstSeq + 2, 'rating', { id, serviceId, level, cause: 'time-over' }),
  ];
}

export function chainOf(previous: Uint8Array, entries: readonly Uint8Array[]): Uint8Array {
  return entries.reduce((hash, entry) => nextHash(nodeSuite, hash, entry), previous);
}

/** What a terminal would pack; `change` says what is different about it. */
export function partsOf(entries: readonly Uint8Array[], change: Partial<BatchParts> = {}): BatchParts {
  const prevHash = change.prevHash ?? genesisHash(nodeSuite, SOURCE, EPOCH);
  return {
    source: SOURCE,
    epoch: EPOCH,
    firstSeq: 1,
    prevHash,
    entries,
    headHash: chainOf(prevHash, entries),
    time: { bootId: BOOT, mono: 90_000, at: 1_790_000_090_000, echo: { gatewayTime: 1_790_000_089_000, mono: 89_000 } },
    ...change,
  };
}

export function packed(key: LogKey, entries: readonly Uint8Array[], change: Partial<BatchParts> = {}): Uint8Array {
  return encodeBatch(nodeSuite, key.signer, partsOf(entries, change));
}

/** The signed place before `seq + 1`, as a terminal that pruned through `seq` keeps it. */
export function checkpointAt(key: LogKey, seq: number, hash: Uint8Array): NonNullable<BatchParts['checkpoint']> {
  const message = headMessage(nodeSuite, { source: SOURCE, epoch: EPOCH, seq, hash });
  const text = (bytes: Uint8Array) => nodeSuite.base64urlEncode(bytes);
  return { seq, hash: text(hash), keyId: key.signer.keyId, sig: text(key.signer.sign(message)) };
}
