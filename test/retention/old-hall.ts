/** A hall with a long past: the real store, registry and ingest, a clock that moves by days, and its retention. */
import { Retention, type RetentionRule } from '../../gateway/retention/retention.js';
import { FirstAnswers } from '../../gateway/services/first-answers.js';
import { generateLogKey, headSigner, nodeSuite } from '../../protocol/runtime/node-suite.js';
import { HallLog, quiet } from '../ingest/hall-log.js';
import { TerminalChain } from '../ingest/terminal-chain.js';
import { VirtualClock } from '../ingest/virtual-clock.js';

export const DAY_MS = 24 * 3_600_000;

export class OldHall {
  readonly log: HallLog;
  readonly #chains: TerminalChain[] = [];

  private constructor(log: HallLog) {
    this.log = log;
  }

  static async open(): Promise<OldHall> {
    return new OldHall(await HallLog.open());
  }

  async terminal(name: string): Promise<TerminalChain> {
    const clock = new VirtualClock(this.log.clock.wallMs());
    const chain = new TerminalChain({ terminal: name, key: generateLogKey(), clock });
    await this.log.registry.addTerminal(name, '1', chain.key.publicKey);
    chain.first();
    this.#chains.push(chain);
    return chain;
  }

  /** Time passes, for the gateway and for every terminal. */
  pass(days: number): void {
    for (const { clock } of [this.log, ...this.#chains]) clock.advance(days * DAY_MS);
  }

  /** Sends everything of a chain that the gateway does not have. */
  async sendAll(chain: TerminalChain): Promise<void> {
    const [row] = this.log.rows<{ throughSeq: number }>('SELECT throughSeq FROM epoch WHERE epoch = ?', chain.epoch);
    const firstSeq = (row?.throughSeq ?? 0) + 1;
    if (firstSeq <= chain.headSeq) await this.log.send(chain, chain.batch(firstSeq));
  }

  /** What the centre's yes to every waiting rating writes. */
  async deliverAll(): Promise<void> {
    const { store } = this.log;
    for (const { ratingId } of this.log.rows<{ ratingId: string }>(
      "SELECT ratingId FROM forward WHERE state = 'waiting'",
    ))
      await store.db.transaction().execute(async (trx) => {
        await trx
          .updateTable('forward')
          .set({ state: 'delivered', deliveredAt: this.log.clock.wallMs() })
          .where('ratingId', '=', ratingId)
          .execute();
        await store.own.append(trx, 'centre.answered', { ratingId, outcome: 'accepted' });
      });
  }

  retention(rule: RetentionRule): Retention {
    const { store, clock, key } = this.log;
    return new Retention(
      {
        store,
        clock,
        suite: nodeSuite,
        signer: headSigner(key.privatePem),
        firstAnswers: new FirstAnswers({ store, clock }),
        logger: quiet,
        rule,
      },
      { restMs: 0 },
    );
  }

  prune(days = 400): ReturnType<Retention['prune']> {
    return this.retention({ days }).prune();
  }

  /** Kinds of what is still stored of a chain's present epoch. */
  kinds(chain: TerminalChain): string[] {
    return this.log
      .rows<{ kind: string }>(
        'SELECT kind FROM entry JOIN epoch ON epoch.id = epochId WHERE epoch = ? ORDER BY seq',
        chain.epoch,
      )
      .map(({ kind }) => kind);
  }

  checkpoint(chain: { source: string; epoch: string }) {
    return this.log.rows<{ throughSeq: number; hash: Buffer; keyId: string; signature: Buffer }>(
      `SELECT checkpoint.throughSeq, hash, checkpoint.keyId, checkpoint.signature FROM checkpoint
       JOIN epoch ON epoch.id = epochId WHERE source = ? AND epoch = ?`,
      chain.source,
      chain.epoch,
    )[0];
  }
}
