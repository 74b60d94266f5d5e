/**
 * Takes the acts of one moment in one transaction: each stands or falls alone, as if they had come one after the other,
 * and what they have in common (looking, appending, projecting) is done once for all.
 */
import { PjqError, type Clock, type EntryBody, type Policy, type Suite } from '../../protocol/index.js';
import { changeableUntilMs } from '../core/rating/change.js';
import { projectEntries } from '../ingest/project-entries.js';
import type { Said } from '../store/own-log.js';
import { attempt, type Attempted } from '../store/savepoint.js';
import type { Store, Trx } from '../store/store.js';
import { actsById, pressesById, type ActRow } from './acts-by-id.js';
import { namedServices, type NamedService } from './named-services.js';
import type { RatingAct, TakenAct } from './rating-act.js';

export interface RatingGroupParts {
  readonly store: Pick<Store, 'own'>;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly policy: Policy;
  /** The policy as entries name it. */
  readonly policyId: string;
  /** Source of the gateway's own log. */
  readonly ownSource: string;
  /** Keeps the words of an act beside the log. @returns the commitment that its entry holds. */
  readonly keepText?: (trx: Trx, ratingId: string, text: string, when: { readonly nowMs: number }) => Promise<string>;
}

/** An act that stands; not new where it stood before. */
export interface Taken {
  readonly taken: TakenAct;
  readonly isNew: boolean;
}

type Outcome = Attempted<Taken>;

/** An act, and what it is of. */
interface Asked extends NamedService {
  readonly act: RatingAct;
  /** Its place in the group. */
  readonly at: number;
}

interface Entry {
  readonly asked: Asked;
  readonly body: EntryBody<'rating.made'>;
}

/** @returns what became of each, in its place. @throws the store's fault: then nothing of them stands. */
export async function takeTogether(
  trx: Trx,
  parts: RatingGroupParts,
  acts: readonly RatingAct[],
): Promise<readonly Outcome[]> {
  const together = await attempt(trx, () => takeGroup(trx, parts, acts));
  if (together.ok) return together.value;
  if (acts.length === 1) return [together];
  // One of them means nothing, which shows only when all is done: it is looked for among ever fewer.
  const half = Math.ceil(acts.length / 2);
  const first = await takeTogether(trx, parts, acts.slice(0, half));
  return [...first, ...(await takeTogether(trx, parts, acts.slice(half)))];
}

async function takeGroup(trx: Trx, parts: RatingGroupParts, acts: readonly RatingAct[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let left: Asked[] = [];
  for (const [at, named] of (await namedServices(trx, acts)).entries()) {
    const act = acts[at] as RatingAct;
    if (named !== null) left.push({ ...named, act, at });
    else outcomes[at] = refused(new PjqError('service-unknown', 'serviceId' in act ? act.serviceId : undefined));
  }
  const told = new Set<string>();
  while (left.length > 0) {
    const { round, later } = roundOf(left);
    for (const [{ at }, outcome] of await takeRound(trx, parts, round, told)) outcomes[at] = outcome;
    left = later;
  }
  return outcomes;
}

/** Acts that have nothing to do with each other; the others are later, in their order. */
function roundOf(left: readonly Asked[]): { readonly round: Asked[]; readonly later: Asked[] } {
  const touched = new Set<string>();
  const [round, later]: [Asked[], Asked[]] = [[], []];
  for (const asked of left) {
    const { id, replaces } = asked.act;
    const touches = replaces === undefined ? [asked.serviceId, id] : [asked.serviceId, id, replaces];
    (touches.some((one) => touched.has(one)) ? later : round).push(asked);
    for (const one of touches) touched.add(one);
  }
  return { round, later };
}

/** @param told codes that the log tells of since this group began; a round adds its own. */
async function takeRound(
  trx: Trx,
  parts: RatingGroupParts,
  round: readonly Asked[],
  told: Set<string>,
): Promise<ReadonlyMap<Asked, Outcome>> {
  const ids = round.map(({ act }) => act.id);
  const changed = round.flatMap(({ act }) => act.replaces ?? []);
  const [known, presses] = [await actsById(trx, [...ids, ...changed]), await pressesById(trx, ids)];
  const outcomes = new Map<Asked, Outcome>();
  const entries: Entry[] = [];
  for (const asked of round) {
    const before = stoodBefore(parts, asked, known, presses);
    if (before !== null) outcomes.set(asked, before);
    else {
      const body = await bodyOf(trx, parts, asked);
      if (body.ok) entries.push({ asked, body: body.value });
      else outcomes.set(asked, body);
    }
  }
  await write(trx, parts, entries, told);
  const stands = await actsById(
    trx,
    entries.map(({ body }) => body.id),
  );
  for (const { asked, body } of entries) {
    const row = stands.get(body.id);
    if (row === undefined) throw new Error(`act ${body.id} left no trace`);
    outcomes.set(asked, { ok: true, value: { taken: takenAct(parts, row), isNew: true } });
  }
  return outcomes;
}

/** What came of an act before anything is written for it: it stands already, or it is refused; null: it is to be taken. */
function stoodBefore(
  parts: RatingGroupParts,
  { act, serviceId }: Asked,
  known: ReadonlyMap<string, ActRow>,
  presses: ReadonlySet<string>,
): Outcome | null {
  const row = known.get(act.id);
  if (presses.has(act.id) || (row !== undefined && row.serviceId !== serviceId))
    return refused(new PjqError('idempotency-key-reused'));
  if (row !== undefined) return { ok: true, value: { taken: takenAct(parts, row), isNew: false } };
  const named = act.replaces === undefined ? undefined : known.get(act.replaces);
  const fault = named === undefined ? null : faultOfChange(parts, act, named, serviceId);
  return fault === null ? null : refused(fault);
}

/** Whoever changes a rating changes their own, and in time. */
function faultOfChange(
  { clock, policy }: RatingGroupParts,
  { verified }: RatingAct,
  named: ActRow,
  serviceId: string,
): PjqError | null {
  const isOwn = named.serviceId === serviceId && named.channel !== 'window' && (named.verified !== 0) === verified;
  if (!isOwn) return new PjqError('request-malformed', 'It changes what is not its own.');
  const untilMs = changeableUntilMs(named.at, policy.later.changeSeconds);
  return untilMs === null || clock.wallMs() > untilMs ? new PjqError('change-too-late') : null;
}

/** What its entry says; its words are kept beside the log, or refused with it. */
async function bodyOf(
  trx: Trx,
  { clock, policyId, keepText }: RatingGroupParts,
  { act, serviceId }: Asked,
): Promise<Attempted<EntryBody<'rating.made'>>> {
  const { id, channel, level, verified, reasons = [], text, marks = [], replaces } = act;
  let commitment: string | undefined;
  if (text !== undefined) {
    if (keepText === undefined) return refused(new PjqError('request-malformed', 'No text is taken here.'));
    const kept = await attempt(trx, () => keepText(trx, id, text, { nowMs: clock.wallMs() }));
    if (!kept.ok) return kept;
    commitment = kept.value;
  }
  const body = {
    id,
    serviceId,
    channel,
    level,
    verified,
    ...(reasons.length === 0 ? {} : { reasons: [...reasons] }),
    ...(commitment === undefined ? {} : { text: commitment }),
    ...(marks.length === 0 ? {} : { marks: [...marks] }),
    ...(replaces === undefined ? {} : { replaces }),
    policy: policyId,
  };
  return { ok: true, value: body };
}

/** The entries of acts, and before them those of codes that are used for the first time; and what all of them mean. */
async function write(
  trx: Trx,
  { store, suite, policy, ownSource }: RatingGroupParts,
  entries: readonly Entry[],
  told: Set<string>,
): Promise<void> {
  const codes: Said[] = [];
  for (const { asked } of entries) {
    const { act, serviceId, isNew } = asked;
    if (!isNew || !('provisional' in act) || told.has(serviceId)) continue;
    told.add(serviceId);
    const { terminal, reference, day } = act.provisional;
    codes.push({ kind: 'service.provisional', body: { serviceId, terminal, reference, day } });
  }
  const acts = entries.map(({ body }): Said => ({ kind: 'rating.made', body }));
  const appended = await store.own.appendEach(trx, [...codes, ...acts]);
  const linked = appended.map((one) => ({
    ...one,
    source: ownSource,
    json: JSON.parse(suite.utf8Decode(one.bytes)) as unknown,
  }));
  const [code] = await projectEntries(trx, { suite, nowMs: linked[0]?.at ?? 0, rules: policy }, linked);
  // What means nothing is not written: the entry goes with the transaction.
  if (code !== undefined) throw new PjqError('request-malformed', code);
}

function takenAct({ policy }: RatingGroupParts, { ratingId, serviceId, at, code }: ActRow): TakenAct {
  return code === null
    ? {
        ratingId,
        serviceId,
        counts: true,
        changeableUntilMs: changeableUntilMs(at, policy.later.changeSeconds),
      }
    : { ratingId, serviceId, counts: false, code };
}

function refused(error: PjqError): { readonly ok: false; readonly error: PjqError } {
  return { ok: false, error };
}
