import { describe, expect, it } from 'vitest';
import type { AckMessage } from '../../protocol/index.js';
import { judgeAck, type AckContext, type AckVerdict } from '../../device/sync/judge-ack.js';

/** An epoch of ten entries, seven acknowledged by store A of generation 2; entries through 3 were pruned. */
const CONTEXT: AckContext = {
  epoch: 'epochepoche',
  endSeq: 10,
  ackedSeq: 7,
  prunedSeq: 3,
  promise: { storeId: 'storeAstore', generation: 2 },
  hashAt: (seq) => (seq >= 3 && seq <= 10 ? `hash${seq}` : null),
};
const ACK: AckMessage = {
  v: 1,
  epoch: CONTEXT.epoch,
  throughSeq: 7,
  headHash: 'hash7',
  storeId: 'storeAstore',
  generation: 2,
  gatewayTime: 0,
  sig: '',
};
const SESSION = { session: 'sessionsess' };
const OTHER = { storeId: 'storeBstore', generation: 3 };

type Line = readonly [
  name: string,
  ack: Partial<AckMessage>,
  verdict: AckVerdict | AckVerdict['kind'],
  context?: Partial<AckContext>,
];

const TABLE: readonly Line[] = [
  ['further entries are there', { throughSeq: 9, headHash: 'hash9' }, { kind: 'advance', throughSeq: 9 }],
  ['everything is there', { throughSeq: 10, headHash: 'hash10' }, { kind: 'advance', throughSeq: 10 }],
  ['nothing new, answered to the handshake', { ...SESSION }, { kind: 'advance', throughSeq: 7 }],
  [
    'the first word of any store',
    { throughSeq: 5, headHash: 'hash5' },
    { kind: 'advance', throughSeq: 5 },
    { promise: null, ackedSeq: 0 },
  ],
  ['another epoch', { epoch: 'otherepochs', throughSeq: 9, headHash: 'x' }, 'ignore'],
  ['another epoch, stopped', { epoch: 'otherepochs', stopped: 'log-fork' }, 'ignore'],
  ['overtaken on the way by a later ack', { throughSeq: 6, headHash: 'hash6' }, 'ignore'],
  ['the handshake goes back under the same store', { ...SESSION, throughSeq: 6, headHash: 'hash6' }, 'contradiction'],
  ['another store of the same generation', { storeId: OTHER.storeId }, 'contradiction'],
  ['another store of a lower generation', { ...OTHER, generation: 1 }, 'contradiction'],
  ['a lower generation says stopped', { ...OTHER, generation: 1, stopped: 'log-fork' }, 'contradiction'],
  ['a lower generation has another chain', { ...OTHER, generation: 1, headHash: 'x' }, 'contradiction'],
  [
    'a higher generation goes back',
    { ...OTHER, throughSeq: 5, headHash: 'hash5' },
    { kind: 'new-store', throughSeq: 5 },
  ],
  [
    'a higher generation goes back to nothing',
    { ...OTHER, throughSeq: 0, headHash: 'genesis' },
    { kind: 'new-store', throughSeq: 0 },
  ],
  [
    'a higher generation is further than we knew',
    { ...OTHER, throughSeq: 9, headHash: 'hash9' },
    { kind: 'new-store', throughSeq: 9 },
  ],
  [
    'the same store of a higher generation',
    { generation: 3, throughSeq: 5, headHash: 'hash5' },
    { kind: 'new-store', throughSeq: 5 },
  ],
  ['another hash at our seq', { throughSeq: 8, headHash: 'x' }, { kind: 'fork', cause: 'fork', newStore: false }],
  [
    'another hash at a seq that is overtaken',
    { throughSeq: 5, headHash: 'x' },
    { kind: 'fork', cause: 'fork', newStore: false },
  ],
  ['more than we ever wrote', { throughSeq: 11, headHash: 'hash11' }, { kind: 'fork', cause: 'fork', newStore: false }],
  [
    'a new store with another hash',
    { ...OTHER, throughSeq: 5, headHash: 'x' },
    { kind: 'fork', cause: 'fork', newStore: true },
  ],
  [
    'a new store with more than we ever wrote',
    { ...OTHER, throughSeq: 11, headHash: 'hash11' },
    { kind: 'fork', cause: 'fork', newStore: true },
  ],
  ['stopped', { stopped: 'log-fork' }, { kind: 'fork', cause: 'stopped', newStore: false }],
  ['stopped by a new store', { ...OTHER, stopped: 'log-fork' }, { kind: 'fork', cause: 'stopped', newStore: true }],
  [
    'a seq whose hash was pruned away',
    { ...OTHER, throughSeq: 2, headHash: 'whatever' },
    { kind: 'new-store', throughSeq: 2 },
  ],
  [
    'the very seq of the checkpoint, agreeing',
    { ...OTHER, throughSeq: 3, headHash: 'hash3' },
    { kind: 'new-store', throughSeq: 3 },
  ],
  [
    'the very seq of the checkpoint, not agreeing',
    { ...OTHER, throughSeq: 3, headHash: 'x' },
    { kind: 'fork', cause: 'fork', newStore: true },
  ],
  [
    'a hash that is lost without having been pruned',
    { throughSeq: 8, headHash: 'hash8' },
    { kind: 'fork', cause: 'fork', newStore: false },
    { hashAt: () => null },
  ],
];

describe('what an ack means', () => {
  it.each(TABLE.map(([name, ack, verdict, context]) => ({ name, ack, verdict, context })))(
    '$name',
    ({ ack, verdict, context }) => {
      expect(judgeAck({ ...CONTEXT, ...context }, { ...ACK, ...ack })).toMatchObject(
        typeof verdict === 'string' ? { kind: verdict } : verdict,
      );
    },
  );

  it('never goes back but by a store of a higher generation', () => {
    for (const storeId of [ACK.storeId, OTHER.storeId]) {
      for (const generation of [1, 2, 3]) {
        for (const session of [{}, SESSION]) {
          for (let throughSeq = 0; throughSeq < CONTEXT.ackedSeq; throughSeq += 1) {
            const verdict = judgeAck(CONTEXT, {
              ...ACK,
              storeId,
              generation,
              ...session,
              throughSeq,
              headHash: `hash${throughSeq}`,
            });
            if (verdict.kind === 'advance') expect.fail(`${storeId} ${generation} moved back to ${throughSeq}`);
            if (verdict.kind === 'new-store') expect(generation).toBe(3);
          }
        }
      }
    }
  });
});
