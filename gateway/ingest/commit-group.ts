/** Commit B: a group of checked messages, in their order, in one transaction. */
import { terminalSource, type Batch, type Clock, type StateMessage, type Suite } from '../../protocol/index.js';
import type { Logger } from '../../protocol/runtime/logging.js';
import { raiseAlarm } from '../store/alarm.js';
import type { Store, Trx } from '../store/store.js';
import { merged, type Answer } from './answer.js';
import { LinkGroup } from './link-group.js';
import { projectEntries, type ProjectRules } from './project-entries.js';
import { provesOlderStore } from './store-evidence.js';

export type CheckedMessage =
  | {
      readonly kind: 'batch';
      readonly terminal: string;
      readonly payload: Uint8Array;
      readonly receivedMs: number;
      readonly batch: Batch;
    }
  | { readonly kind: 'state'; readonly terminal: string; readonly state: StateMessage };

export interface CommitParts {
  readonly hall: string;
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Checks a signature of this gateway. */
  readonly verifyOwn: (message: Uint8Array, signature: Uint8Array) => boolean;
  /** Of the hall's policy: which act of rating counts. */
  readonly rules?: ProjectRules | undefined;
}

export interface Committed {
  readonly answers: readonly Answer[];
  readonly identity: { readonly storeId: string; readonly generation: number };
  /** New entries that now stand. */
  readonly linked: number;
  /** Codes of the meanings that were set aside. */
  readonly quarantined: readonly string[];
}

/** Commits a group. Whatever fails, nothing of the group stands. */
export async function commitGroup(parts: CommitParts, group: readonly CheckedMessage[]): Promise<Committed> {
  const { store, suite, clock, hall, rules } = parts;
  if (group.length === 0) return { answers: [], identity: await store.identity(), linked: 0, quarantined: [] };
  return store.db.transaction().execute(async (trx) => {
    const nowMs = clock.wallMs();
    const links = new LinkGroup(trx, { suite, own: store.own, nowMs });
    await links.load(group.flatMap((message) => epochOf(hall, message)));
    const answers: Answer[] = [];
    const quarantined: string[] = [];
    let linked = 0;
    /** Makes the database tell all that was linked so far. */
    const write = async () => {
      const entries = await links.write();
      quarantined.push(...(await projectEntries(trx, { suite, nowMs, rules }, entries)));
      linked += entries.length;
    };
    for (const message of group) {
      const { terminal } = message;
      if (message.kind === 'batch') {
        const { batch, payload, receivedMs } = message;
        const code = await links.link({ batch, payload, heard: { claim: batch.header.time, receivedMs } });
        answers.push({ terminal, epoch: batch.header.epoch, refused: code && { code } });
      } else {
        await write();
        const { state } = message;
        if ((await applyState(trx, parts, terminal, state, nowMs)) && state.state === 'connected')
          answers.push({ terminal, epoch: state.epoch, session: state.session });
      }
    }
    await write();
    const placed = merged(answers).map((answer) => ({
      ...answer,
      place: links.cursors.place(terminalSource(hall, answer.terminal), answer.epoch),
    }));
    return { answers: placed, identity: await store.identity(trx), linked, quarantined };
  });
}

/** Which epoch a message speaks of. */
function epochOf(hall: string, message: CheckedMessage): [source: string, epoch: string][] {
  if (message.kind === 'batch') return [[message.batch.header.source, message.batch.header.epoch]];
  return message.state.state === 'lost' ? [] : [[terminalSource(hall, message.terminal), message.state.epoch]];
}

/** @returns whether the terminal is known here. */
async function applyState(
  trx: Trx,
  { hall, store, suite, verifyOwn, logger }: CommitParts,
  terminal: string,
  state: StateMessage,
  nowMs: number,
): Promise<boolean> {
  const row = await trx
    .updateTable('terminal')
    .set({ state: state.state, stateAt: nowMs, session: state.state === 'connected' ? state.session : null })
    .where('terminal', '=', terminal)
    .returning('terminal')
    .executeTakeFirst();
  if (row === undefined) return false;
  const evidence = await provesOlderStore(
    trx,
    { suite, source: terminalSource(hall, terminal), store, nowMs, verifyOwn },
    state,
  );
  if (evidence === null) return true;
  const identity = await store.own.restored(trx, `${terminal}: ${evidence.detail}`, evidence.generation);
  await raiseAlarm(trx, { code: 'store-restored', subject: hall, detail: evidence.detail, at: nowMs });
  logger.warn({ code: 'store-restored', ...identity, detail: evidence.detail }, 'store restored');
  return true;
}
