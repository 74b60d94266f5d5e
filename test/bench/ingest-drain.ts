/** The gateway alone: a backlog that stands in memory goes through the real ingest into the real store. */
import { Ingest } from '../../gateway/ingest/ingest.js';
import { Registry } from '../../gateway/registry/registry.js';
import type { Checkpointer } from '../../gateway/store/checkpointer.js';
import { openStore } from '../../gateway/store/store.js';
import { decodeMessage, gatewaySource } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import {
  generateLogKey,
  headSigner,
  nodeRandomness,
  nodeSuite,
  signatureCheck,
  systemClock,
} from '../../protocol/runtime/node-suite.js';
import { HALL, type TerminalBacklog } from './ingest-backlog.js';

/** Batches that a terminal keeps on their way (device/sync: two to four). */
const WINDOW = 4;
/** The terminal at work sends its next entry so long after the last was acknowledged. */
const PRESS_EVERY_MS = 15;

export interface Drained {
  readonly ms: number;
  readonly entries: number;
  readonly commits: number;
  readonly acks: number;
  /** How long the terminal at work waited for each ack, from when its message came to the socket. */
  readonly onlineMs: readonly number[];
}

/**
 * Drains a backlog into a store that is made in `folder`, while one terminal is at work. Terminals send on as their
 * acks come.
 */
export async function drain(
  folder: string,
  backlog: readonly TerminalBacklog[],
  online: TerminalBacklog,
): Promise<Drained> {
  const key = generateLogKey();
  const signer = headSigner(key.privatePem);
  const logger = createLogger('bench', { level: 'warn' });
  const store = await openStore(folder, {
    suite: nodeSuite,
    signer,
    clock: systemClock,
    randomness: nodeRandomness,
    bootId: nodeRandomness.newId(),
    source: gatewaySource(HALL, 'gateway'),
    version: 'bench',
  });
  const registry = new Registry({ db: store.db, own: store.own, clock: systemClock });
  for (const { terminal, key: own } of [...backlog, online]) await registry.addTerminal(terminal, '1', own.publicKey);
  const places = new Map(backlog.map((one) => [one.terminal, { one, sent: 0, acked: 0 }]));
  let [waiting, commits, acks, entries] = [backlog.length, 0, 0, 0];
  let ended: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  const send = (terminal: string) => {
    const place = places.get(terminal);
    if (place === undefined) return;
    while (place.sent < place.one.batches.length && place.sent - place.acked < WINDOW) {
      const batch = place.one.batches[place.sent];
      place.sent += 1;
      if (batch !== undefined) ingest.batch(terminal, batch.payload);
    }
  };
  const onlineMs: number[] = [];
  let [dueMs, pressed] = [0, 0];
  const press = () => {
    const batch = online.batches[pressed];
    if (waiting === 0 || batch === undefined) return;
    pressed += 1;
    dueMs = performance.now() + PRESS_EVERY_MS;
    setTimeout(() => ingest.batch(online.terminal, batch.payload), PRESS_EVERY_MS);
  };
  const ingest = new Ingest({
    hall: HALL,
    store,
    registry,
    suite: nodeSuite,
    signer,
    verifyOwn: signatureCheck(key.publicKey),
    clock: systemClock,
    logger,
    publishAck: (terminal, payload) => {
      const ack = decodeMessage(nodeSuite, 'ack', payload);
      if (ack.refused !== undefined) throw new Error(`refused: ${ack.refused.code}`);
      acks += 1;
      const place = places.get(terminal);
      if (place === undefined) {
        onlineMs.push(performance.now() - dueMs);
        return press();
      }
      while ((place.one.batches[place.acked]?.lastSeq ?? Infinity) <= ack.throughSeq) place.acked += 1;
      if (place.acked < place.one.batches.length) return send(terminal);
      waiting -= 1;
      if (waiting === 0) ended();
    },
    onCommit: (linked) => {
      commits += 1;
      entries += linked;
    },
    onQuarantine: (code) => {
      throw new Error(`set aside: ${code}`);
    },
  });
  const checkpointer = new (await builtCheckpointer())(folder, logger);
  checkpointer.start();
  const begun = performance.now();
  for (const { terminal } of backlog) send(terminal);
  press();
  await end;
  const ms = performance.now() - begun;
  await ingest.idle();
  await ingest.stop();
  await checkpointer.stop();
  await store.close();
  return { ms, entries, commits, acks, onlineMs };
}

/** Its thread runs from the built files only. */
export async function builtCheckpointer(): Promise<typeof Checkpointer> {
  const built = new URL('../../dist/gateway/store/checkpointer.js', import.meta.url);
  return ((await import(built.href)) as { Checkpointer: typeof Checkpointer }).Checkpointer;
}
