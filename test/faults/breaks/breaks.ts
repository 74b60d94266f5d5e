/** The mechanisms that are taken out on purpose, each with the class of faults that must find it. */
import type { Break } from './break.js';

export const BREAKS: readonly Break[] = [
  {
    name: 'accepted-before-append',
    does: 'the terminal shows that a press was taken, and writes it a moment later (I4)',
    changes: [
      {
        file: 'dist/device/counter/counter.js',
        find: 'this.#parts.log.append(effect.drafts);',
        replace: 'setTimeout(() => { try { this.#parts.log.append(effect.drafts); } catch {} }, 250);',
      },
    ],
    caughtBy: 'device-kill',
    faults: 8,
  },
  {
    name: 'failed-append-shown-as-taken',
    does: 'the terminal shows a press that could not be written as taken (I4)',
    changes: [
      {
        file: 'dist/device/counter/counter.js',
        find: "return isPjqError(error) ? error.code : 'internal';",
        replace: 'return undefined;',
      },
    ],
    caughtBy: 'full-disk',
    faults: 2,
  },
  {
    name: 'normal-sync',
    does: 'commits of the terminal and of the gateway do not wait for the disk (I1)',
    changes: [
      {
        file: 'dist/device/log/log-schema.js',
        find: "db.pragma('synchronous = FULL');",
        replace: "db.pragma('synchronous = NORMAL');",
      },
      {
        file: 'dist/gateway/store/dialect.js',
        find: "connection.pragma('synchronous = FULL');",
        replace: "connection.pragma('synchronous = NORMAL');",
      },
    ],
    caughtBy: 'power-cut',
    faults: 24,
    byHand: 'takes a minute',
  },
  {
    name: 'ack-before-commit',
    does: 'the gateway acknowledges a batch, and commits it a moment later (I4)',
    changes: [
      {
        file: 'dist/gateway/ingest/commit-group.js',
        find: 'return { answers: placed,',
        replace:
          "const early = await import('./answer.js'); for (const answer of placed) parts.publishAck(answer.terminal, early.ackOf(parts, await store.identity(trx), answer)); await new Promise((resolve) => setTimeout(resolve, 60)); return { answers: placed,",
      },
    ],
    caughtBy: 'gateway-kill',
    faults: 12,
    byHand: 'takes a minute and a half',
  },
  {
    name: 'no-dedup',
    does: 'the gateway does not recognise a batch that it has (I2)',
    changes: [
      {
        file: 'dist/gateway/ingest/link-group.js',
        find: 'if (lastSeq <= cursor.throughSeq) {',
        replace: 'if (false) {',
      },
    ],
    caughtBy: 'messages',
    faults: 60,
  },
  {
    name: 'no-resend',
    does: 'the terminal does not send again what is not acknowledged (I1)',
    changes: [
      {
        file: 'dist/device/sync/in-flight.js',
        find: 'const oldest = this.#sent[0];',
        replace: 'const oldest = undefined;',
      },
    ],
    caughtBy: 'messages',
    faults: 60,
  },
  {
    name: 'chain-off',
    does: 'the terminal does not check its chain when it opens its log (I3)',
    changes: [{ file: 'dist/device/log/chain-holds.js', find: 'if (!row.hash.equals(hash))', replace: 'if (false)' }],
    caughtBy: 'corruption-terminal',
    faults: 160,
    byHand: 'takes a minute and a half',
  },
  {
    name: 'torn-tail-unnoticed',
    does: 'the terminal does not know where its log ended, and gives lost numbers again (I3)',
    changes: [
      {
        file: 'dist/device/log/head-note.js',
        find: 'return check === this.#check(said) ? JSON.parse(said) : null;',
        replace: 'return null;',
      },
    ],
    caughtBy: 'corruption-terminal',
    faults: 39,
  },
  {
    name: 'fork-ignored',
    does: 'the terminal goes on in a chain that the gateway has otherwise (I3)',
    changes: [{ file: 'dist/device/sync/judge-ack.js', find: 'if (!agrees(context, ack))', replace: 'if (false)' }],
    caughtBy: 'old-terminal-backup',
    faults: 4,
  },
  {
    name: 'new-store-ignored',
    does: 'the terminal believes that another store has what the former one had (I1)',
    changes: [
      {
        file: 'dist/device/sync/judge-ack.js',
        find: "return { kind: 'new-store', throughSeq: ack.throughSeq };",
        replace: "return { kind: 'ignore' };",
      },
    ],
    caughtBy: 'gateway-lost-everything',
    faults: 1,
  },
  {
    name: 'restored-store-unnoticed',
    does: 'the gateway does not see that it is an older copy of itself (I1)',
    changes: [{ file: 'dist/gateway/ingest/commit-group.js', find: 'if (evidence === null)', replace: 'if (true)' }],
    caughtBy: 'old-gateway-backup',
    faults: 1,
  },
  {
    name: 'checkpoint-skipped',
    does: 'the terminal does not prove where its log begins after it has let go of entries (I3)',
    changes: [
      {
        file: 'dist/device/sync/sync.js',
        find: 'checkpoint = log.checkpoint(epoch) ?? undefined;',
        replace: 'checkpoint = undefined;',
      },
    ],
    caughtBy: 'gateway-lost-what-was-pruned',
    faults: 1,
  },
  {
    name: 'new-key-for-each-try',
    does: 'a delivery that is tried again comes to the centre under another key (I2)',
    changes: [
      {
        file: 'dist/gateway/forward/forwarder.js',
        find: 'centre.deliver(rating, rating.ratingId, ',
        replace: "centre.deliver(rating, String(Math.random()).slice(2, 13).padEnd(11, '0'), ",
      },
    ],
    caughtBy: 'centre-misbehaves',
    faults: 13,
  },
  {
    name: 'any-duplicate-is-a-yes',
    does: 'the gateway takes "have it" for a yes, whatever the centre holds (I2)',
    changes: [
      {
        file: 'dist/gateway/centre/generic-answer.js',
        find: 'return sameCentreRating(answer.held, sent) ?',
        replace: 'return true ?',
      },
    ],
    caughtBy: 'centre-conflicts',
    faults: 4,
  },
  {
    name: 'retry-after-ignored',
    does: 'the gateway asks a centre again before the time that it has asked for',
    changes: [
      {
        file: 'dist/gateway/forward/forwarder.js',
        find: 'const asked = Math.max(0, ...later.map(({ retryAfterMs }) => retryAfterMs ?? 0));',
        replace: 'const asked = 0;',
      },
      {
        file: 'dist/gateway/forward/forwarder.js',
        find: 'Math.max(outcome.retryAfterMs ?? 0, ',
        replace: 'Math.max(0, ',
      },
    ],
    caughtBy: 'centre-misbehaves',
    faults: 13,
  },
];
