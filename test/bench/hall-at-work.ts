/**
 * A hall at work beside what is measured: so many terminals, whose entries come by the clock on the wall, whether they are
 * answered or not. Whoever is late is measured as late.
 */
import { Ingest } from '../../gateway/ingest/ingest.js';
import type { openHall } from '../../gateway/open-hall.js';
import type { Checkpointer } from '../../gateway/store/checkpointer.js';
import { decodeMessage, type Policy } from '../../protocol/index.js';
import { createLogger } from '../../protocol/runtime/logging.js';
import { nodeSuite, signatureCheck, systemClock } from '../../protocol/runtime/node-suite.js';
import { HALL, terminalBacklog, type TerminalBacklog } from './ingest-backlog.js';
import { builtCheckpointer } from './ingest-drain.js';
import { quantile, row } from './quantiles.js';

const TERMINALS = 40;
const EVERY_MS = 10;

export interface HallAtWorkParts {
  readonly hall: Awaited<ReturnType<typeof openHall>>;
  readonly dataDir: string;
  readonly policy: Policy;
  /** Entries that stand ready, in ratings a terminal: 100 are enough for two minutes. */
  readonly ratingsEach: number;
}

export class HallAtWork {
  readonly #ingest: Ingest;
  readonly #terminals: readonly TerminalBacklog[];
  readonly #checkpointer: Checkpointer;
  readonly #waiting = new Map<string, { throughSeq: number; dueMs: number }[]>();
  #ackMs: number[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    { hall, policy }: HallAtWorkParts,
    terminals: readonly TerminalBacklog[],
    checkpointer: Checkpointer,
  ) {
    const { store, registry, publicKey, signer } = hall;
    this.#terminals = terminals;
    this.#checkpointer = checkpointer;
    this.#ingest = new Ingest({
      hall: HALL,
      store,
      registry,
      suite: nodeSuite,
      signer,
      verifyOwn: signatureCheck(publicKey),
      clock: systemClock,
      logger: createLogger('bench', { level: 'warn' }),
      rules: policy,
      publishAck: (terminal, payload) => this.#heed(terminal, payload),
      onCommit: () => undefined,
      onQuarantine: (code) => {
        throw new Error(`set aside: ${code}`);
      },
    });
  }

  /** Makes the terminals, `window-1` and so on, and tells the hall of them. */
  static async make(parts: HallAtWorkParts): Promise<HallAtWork> {
    const terminals = Array.from({ length: TERMINALS }, (_, n) =>
      terminalBacklog(`window-${n + 1}`, parts.ratingsEach, 1),
    );
    for (const { terminal, key } of terminals) await parts.hall.registry.addTerminal(terminal, '1', key.publicKey);
    const checkpointer = new (await builtCheckpointer())(parts.dataDir, createLogger('bench', { level: 'warn' }));
    return new HallAtWork(parts, terminals, checkpointer);
  }

  start(): void {
    this.#checkpointer.start();
    const begun = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      for (; begun + sent * EVERY_MS <= performance.now(); sent += 1) {
        const one = this.#terminals[sent % this.#terminals.length];
        const batch = one?.batches[Math.floor(sent / this.#terminals.length)];
        if (one !== undefined && batch !== undefined) this.#send(one.terminal, batch, begun + sent * EVERY_MS);
      }
    }, 1);
  }

  /** How long acks took since it was asked last, from when their message was due, ms. */
  ackTimes(): readonly number[] {
    const taken = this.#ackMs;
    this.#ackMs = [];
    return taken;
  }

  /** Resolves when everything that was sent is answered. */
  async rest(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ingest.idle();
  }

  async stop(): Promise<void> {
    await this.rest();
    await this.#ingest.stop();
    await this.#checkpointer.stop();
  }

  #send(terminal: string, batch: TerminalBacklog['batches'][number], dueMs: number): void {
    const open = this.#waiting.get(terminal) ?? [];
    open.push({ throughSeq: batch.lastSeq, dueMs });
    this.#waiting.set(terminal, open);
    this.#ingest.batch(terminal, batch.payload);
  }

  #heed(terminal: string, payload: Uint8Array): void {
    const { throughSeq, refused } = decodeMessage(nodeSuite, 'ack', payload);
    if (refused !== undefined) throw new Error(`refused: ${refused.code}`);
    const open = this.#waiting.get(terminal) ?? [];
    while (open[0] !== undefined && open[0].throughSeq <= throughSeq)
      this.#ackMs.push(performance.now() - (open.shift()?.dueMs ?? 0));
  }
}

/** What the terminals noticed, as a line of a report. */
export function noticed(quiet: readonly number[], during: readonly number[]): string {
  const times = quantile(during, 0.99) / quantile(quiet, 0.99);
  return (
    `  message -> ack of ${TERMINALS} terminals at work, ${1_000 / EVERY_MS} messages a second: ` +
    `${row(quiet, 'ms')} before; ${row(during, 'ms')} meanwhile: p99 is ${times.toFixed(2)} times (promised: <= 2)`
  );
}
