/**
 * What a batch costs on the wire and on the processor, by codec: `npx tsx test/bench/codec.ts`. Ratios within one
 * run count; absolute figures only orient. Framing, chain and signature are the same for all and left out.
 */
import { randomBytes } from 'node:crypto';
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  deflateRawSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
} from 'node:zlib';
import { batchDictionary } from '../../protocol/batch-dictionary.js';
import { encodeEntry, type EntryBody, type EntryKind } from '../../protocol/index.js';
import { nodeRandomness, nodeSuite } from '../../protocol/runtime/node-suite.js';

interface Codec {
  readonly name: string;
  pack(raw: Uint8Array): Uint8Array;
  unpack(packed: Uint8Array): Uint8Array;
}

const dictionary = batchDictionary(nodeSuite);
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const CODECS: readonly Codec[] = [
  { name: 'JSON lines', pack: (raw) => raw, unpack: (packed) => packed },
  { name: 'gzip level 1', pack: (raw) => gzipSync(raw, { level: 1 }), unpack: (packed) => gunzipSync(packed) },
  {
    name: 'brotli quality 4',
    pack: (raw) => brotliCompressSync(raw, brotli),
    unpack: (packed) => brotliDecompressSync(packed),
  },
  { name: 'DEFLATE', pack: (raw) => deflateRawSync(raw), unpack: (packed) => inflateRawSync(packed) },
  {
    name: 'DEFLATE, dictionary, level 1',
    pack: (raw) => deflateRawSync(raw, { dictionary, level: 1 }),
    unpack: (packed) => inflateRawSync(packed, { dictionary }),
  },
  {
    name: 'DEFLATE, dictionary',
    pack: (raw) => nodeSuite.deflate(raw, dictionary),
    unpack: (packed) => nodeSuite.inflate(packed, dictionary, 1 << 20),
  },
];
const BATCH_SIZES = [1, 10, 100];
const BATCHES = 60;
const SECONDS_EACH = 0.25;

/** A log as a hall writes it: three entries a rated service, ids of 64 random bits, in terminals of their own names. */
function entriesOf(count: number): Uint8Array[] {
  const epoch = nodeRandomness.newId();
  const bootId = nodeRandomness.newId();
  const start = 1 + Math.floor(Math.random() * 50_000);
  let mono = 1_000_000 + Math.floor(Math.random() * 30_000_000);
  const entries: Uint8Array[] = [];
  const write = <K extends EntryKind>(kind: K, body: EntryBody<K>) => {
    mono += 500 + Math.floor(Math.random() * 90_000);
    const seq = start + entries.length;
    entries.push(
      encodeEntry(nodeSuite, {
        source: 'xinqu-hall/window-07',
        epoch,
        seq,
        kind,
        at: 1_789_990_000_000 + mono,
        bootId,
        mono,
        clock: 'synced',
        body,
      }),
    );
  };
  while (entries.length < count) {
    const serviceId = randomBytes(8).toString('hex');
    const id = nodeRandomness.newId();
    const level = ([5, 5, 5, 4, 4, 3, 2, 1] as const)[Math.floor(Math.random() * 8)] ?? 5;
    const caseNo = `20260921${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
    write('service.opened', {
      serviceId,
      caseNo,
      stage: 'completion',
      origin: 'command',
      window: '7',
      staffNo: '1024',
      policy: 'default@5a0e7c31',
    });
    write('press', { id, serviceId, level, via: 'key' });
    write('rating', { id, serviceId, level, cause: Math.random() < 0.7 ? 'time-over' : 'next-service' });
  }
  // A batch of one is any of the three kinds.
  const from = count === 1 ? Math.floor(Math.random() * 3) : 0;
  return entries.slice(from, from + count);
}

function joined(entries: readonly Uint8Array[]): Uint8Array {
  return nodeSuite.utf8Encode(entries.map((entry) => nodeSuite.utf8Decode(entry)).join('\n'));
}

/** Records worked on a second, in thousands: the best of three rounds over all batches. */
function thousandsPerSecond(work: () => void, records: number): number {
  const rounds = [0, 1, 2].map(() => {
    const begun = performance.now();
    let done = 0;
    while (performance.now() - begun < SECONDS_EACH * 1_000) {
      work();
      done += records;
    }
    return done / (performance.now() - begun);
  });
  return Math.max(...rounds);
}

console.log(`Node ${process.version}; ${BATCHES} batches of each size; k/s: thousands of records a second`);
console.log(
  '| codec | ' + BATCH_SIZES.map((size) => `bytes a record, batch ${size} | pack k/s | unpack k/s`).join(' | ') + ' |',
);
console.log('|---|' + '---|'.repeat(BATCH_SIZES.length * 3));
const samples = BATCH_SIZES.map((size) => Array.from({ length: BATCHES }, () => joined(entriesOf(size))));
for (const codec of CODECS) {
  const cells = samples.flatMap((batches, index) => {
    const records = BATCHES * (BATCH_SIZES[index] as number);
    const packed = batches.map((raw) => codec.pack(raw));
    batches.forEach((raw, at) => {
      if (!Buffer.from(raw).equals(codec.unpack(packed[at] as Uint8Array)))
        throw new Error(`${codec.name} does not give back what it took`);
    });
    const bytes = packed.reduce((sum, one) => sum + one.length, 0) / records;
    if (codec.name === 'JSON lines') return [bytes.toFixed(0), '–', '–'];
    const pack = thousandsPerSecond(() => batches.forEach((raw) => codec.pack(raw)), records);
    const unpack = thousandsPerSecond(() => packed.forEach((one) => codec.unpack(one)), records);
    return [bytes.toFixed(0), pack.toFixed(0), unpack.toFixed(0)];
  });
  console.log(`| ${codec.name} | ${cells.join(' | ')} |`);
}
