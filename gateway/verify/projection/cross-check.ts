/**
 * Compares the tables from which figures are read with what the entries say: every row must be backed by entries, and
 * every entry must have done what it says. One pass, in the order in which the entries arrived; what is kept in memory
 * are the services that were spoken of last.
 */
import type Database from 'better-sqlite3';
import { isKnownKind, type Suite } from '../../../protocol/index.js';
import { columnsOf } from '../open-evidence.js';
import type { FaultList, ProjectionReport } from '../verify-report.js';
import { Acts } from './acts.js';
import { CentreQueue } from './centre-queue.js';
import {
  carryOut,
  offSiteAct,
  opened,
  SERVICE_KINDS,
  type ExpectedAct,
  type ExpectedService,
  type Fate,
} from './expected-service.js';
import { HallLists } from './hall-lists.js';
import { isWellFormed, readLoosely, textOf, type LooseEntry } from './loose-entry.js';
import { OwnRows } from './own-rows.js';
import { isCodeName, ProvisionalServices } from './provisional-services.js';
import { SetAsideRows, type SetAside } from './set-aside.js';
import {
  fromRows,
  moreDifferences,
  pressDifferences,
  pressRows,
  serviceDifferences,
  serviceRows,
  type PressRow,
  type ServiceRow,
} from './table-rows.js';

export interface CrossParts {
  readonly suite: Suite;
  readonly faults: FaultList;
  /** Whether the retention let entries go: what rests on them cannot be compared any more. */
  readonly isPruned: boolean;
}

/** An entry as it stands in the database. */
export interface StoredEntry {
  readonly id: number;
  readonly source: string;
  readonly epoch: string;
  readonly seq: number;
  readonly kind: string;
  readonly bytes: Uint8Array;
  /** Its terminal; empty for the gateway's own. */
  readonly terminal: string;
}

interface Held {
  readonly expected: ExpectedService;
  readonly row: ServiceRow | null;
  readonly presses: Map<string, PressRow>;
  /** Entries of it were carried out at another time than that of their arrival, or are not here any more. */
  orderIsKnown: boolean;
}

interface Deferred {
  readonly stored: Omit<StoredEntry, 'bytes'>;
  readonly entry: LooseEntry;
  readonly wasSetAside: boolean;
}

/** Services that are kept: entries of one come close to each other, and what comes later finds it in its rows. */
const MAX_HELD = 2_000;
/** Of what should be rare, so many are kept. */
const MAX_RARE = 20_000;

export class CrossCheck {
  readonly #db: Database.Database;
  readonly #parts: CrossParts;
  readonly #services;
  readonly #presses;
  readonly #acts: Acts;
  readonly #provisionals: ProvisionalServices;
  readonly #ownRows: OwnRows;
  readonly #lists: HallLists;
  readonly #reasonsOf = (list: string) => this.#lists.reasonsOf(list);
  readonly #queue: CentreQueue;
  readonly #setAside: SetAsideRows;
  readonly #held = new Map<string, Held>();
  /** Who is signed on at each terminal, as its log has it so far. */
  readonly #duties = new Map<string, string | null>();
  /** The keys of `#held` in the order in which they are given up (a Map's first key costs what was deleted before it). */
  #order: string[] = [];
  #oldest = 0;
  /** Services that differed when there was no room for them any more: later entries may explain it. */
  readonly #differing = new Map<string, Held>();
  readonly #deferred: Deferred[] = [];
  readonly #setAsideTotals: Record<string, number> = {};
  #isRestored = false;
  /** Whether a record was given up for want of room. */
  #letGo = false;
  #withoutEntries = 0;
  #overflown = false;

  constructor(db: Database.Database, parts: CrossParts) {
    this.#db = db;
    this.#parts = parts;
    this.#services = serviceRows(db, columnsOf(db, 'service').has('daysFrom'));
    const press = columnsOf(db, 'press');
    this.#presses = pressRows(db, { hasReasons: press.has('reasons'), hasMarks: press.has('marks') });
    this.#acts = new Acts(db);
    this.#provisionals = new ProvisionalServices(db, parts);
    this.#ownRows = new OwnRows(db, parts);
    this.#lists = new HallLists(db, parts);
    this.#queue = new CentreQueue(db, { ...parts, isClaimed: (ratingId) => this.#acts.isClaimed(ratingId) });
    this.#setAside = new SetAsideRows(db);
  }

  /** The next entry, in the order of arrival. */
  push(stored: StoredEntry): void {
    const aside = this.#setAside.of(stored.id);
    if (aside?.resolvedAt === null) this.#setAsideTotals[aside.code] = (this.#setAsideTotals[aside.code] ?? 0) + 1;
    this.#ownRows.push(stored, aside);
    this.#lists.push(stored);
    if (SERVICE_KINDS.has(stored.kind)) this.#service(stored, aside);
    else if (stored.kind === 'centre.answered' && stored.terminal === '') this.#queue.answered(stored.bytes);
    else if (stored.kind === 'store.restored' && stored.terminal === '') this.#isRestored = true;
    else if (stored.kind === 'service.expired') return;
    else if (stored.kind === 'service.provisional') this.#provisionals.push(stored, aside);
    else if (aside === null && (stored.kind === 'duty.on' || stored.kind === 'duty.off')) this.#sign(stored);
    else if (aside?.resolvedAt === null) this.#questionSetAside(stored, aside, null);
  }

  end(): ProjectionReport {
    this.#carryOutDeferred();
    // Of a service whose opening was let go its row tells.
    for (const serviceId of this.#provisionals.awaited)
      for (const { stored, entry } of this.#provisionals.take(serviceId))
        if (this.#held.has(serviceId) || this.#adoptPruned(serviceId, stored.id)) this.#carryOut(stored, entry);
    for (const held of [...this.#held.values(), ...this.#differing.values()]) this.#report(held);
    this.#reportUnclaimed();
    this.#ownRows.end();
    this.#lists.end();
    this.#provisionals.end();
    this.#acts.reportOrder(this.#parts.faults);
    this.#acts.reportCorrections(this.#parts.faults);
    this.#queue.end(this.#isRestored);
    const { faults } = this.#parts;
    if (this.#overflown || [this.#services, this.#presses, this.#acts, this.#queue].some(({ overflown }) => overflown))
      faults.add('so much of the tables differs from the logs that not all of it was looked at');
    return {
      services: this.#services.claimed,
      presses: this.#presses.claimed,
      ratings: this.#acts.claimed,
      withoutEntries: this.#withoutEntries,
      setAside: this.#setAsideTotals,
    };
  }

  #service(stored: StoredEntry, aside: SetAside | null): void {
    const { suite } = this.#parts;
    const entry = readLoosely(stored.bytes);
    const { kind } = stored;
    const readable =
      entry !== null &&
      isShaped(entry, () => isKnownKind(kind) && isWellFormed(suite, stored.bytes, kind)) &&
      entry.source === stored.source &&
      entry.epoch === stored.epoch &&
      entry.seq === stored.seq;
    if (!readable) {
      if (aside === null) this.#parts.faults.add(`${placeOf(stored)} cannot be read, and is not set aside`);
      return;
    }
    if (aside?.resolvedAt === null) this.#questionSetAside(stored, aside, entry);
    else if (aside !== null) this.#defer(stored, entry, true);
    else if (this.#carryOut(stored, entry) !== null) this.#defer(stored, entry, false);
  }

  #sign({ kind, bytes, terminal }: StoredEntry): void {
    const body = readLoosely(bytes)?.body ?? {};
    this.#duties.set(terminal, kind === 'duty.on' ? textOf(body, 'staffNo') : null);
  }

  /** `undefined` where what was let go may have told it. */
  #duty(terminal: string): string | null | undefined {
    return this.#duties.get(terminal) ?? (this.#duties.has(terminal) || !this.#parts.isPruned ? null : undefined);
  }

  /** @returns why it means nothing, or `null`. */
  #carryOut(stored: Omit<StoredEntry, 'bytes'>, entry: LooseEntry): string | null {
    const named = textOf(entry.body, 'serviceId');
    const serviceId = isCodeName(named) ? this.#byCode(named, stored, entry) : named;
    if (typeof serviceId !== 'string') return serviceId.code;
    const known = this.#find(serviceId, stored.id);
    if (known === null) {
      const expected = opened(entry, stored.terminal, this.#duty(stored.terminal));
      if (expected !== null) this.#hold({ expected, row: this.#services.claim(serviceId)?.row ?? null });
      if (expected !== null)
        for (const act of this.#provisionals.take(serviceId)) this.#carryOut(act.stored, act.entry);
      else if (!this.#adoptPruned(serviceId, stored.id)) return 'service-unknown';
      if (expected !== null) return null;
    }
    const held = this.#held.get(serviceId);
    if (held === undefined) return 'service-unknown';
    const { expected } = held;
    const [presses, openedAt] = [expected.presses.size, expected.openedAt];
    const fateOf = (act: ExpectedAct) => this.#claimAct(serviceId, act);
    const code = carryOut(expected, entry, stored.id, stored.terminal, fateOf, this.#reasonsOf);
    if (expected.presses.size > presses) this.#claimPress(held, textOf(entry.body, 'id'));
    // Told again, an opening moves no service to whoever is on duty then.
    if (openedAt === null && expected.openedAt !== null) expected.dutyStaffNo = this.#duty(stored.terminal);
    return code;
  }

  /**
   * What is said of a service by the name of its code.
   * @returns the service that is meant, or, where nothing is to be carried out now, the code for which it means nothing.
   */
  #byCode(named: string, stored: Deferred['stored'], entry: LooseEntry): string | { readonly code: string | null } {
    const service = this.#provisionals.of(named);
    if (entry.kind === 'service.opened' || entry.kind === 'service.requested') return { code: 'service-exists' };
    if (entry.kind !== 'rating.made' || stored.terminal !== '' || service === null) return { code: 'service-unknown' };
    const { resolvedTo } = service;
    if (resolvedTo !== null && this.#find(resolvedTo, stored.id) !== null) return resolvedTo;
    if (resolvedTo !== null) this.#provisionals.wait(resolvedTo, { stored, entry });
    else if (this.#provisionals.isNew(textOf(entry.body, 'id'))) this.#claimAct(named, offSiteAct(entry, stored.id));
    return { code: null };
  }

  /** The record of a service that was spoken of before. */
  #find(serviceId: string, beforeEntryId: number): Held | null {
    const held = this.#held.get(serviceId);
    if (held !== undefined) return held;
    const differing = this.#differing.get(serviceId);
    if (differing !== undefined) {
      this.#differing.delete(serviceId);
      return this.#hold(differing);
    }
    if (!this.#letGo || this.#services.isNext(serviceId)) return null;
    const row = this.#services.claimedBefore(serviceId);
    return row === null ? null : this.#hold(this.#fromRows(row, beforeEntryId));
  }

  /** A service whose opening the retention let go: its row stands for it. */
  #adoptPruned(serviceId: string, beforeEntryId: number): boolean {
    if (!this.#parts.isPruned) return false;
    const row = this.#services.claim(serviceId)?.row;
    if (row === undefined) return false;
    this.#hold(this.#fromRows(row, beforeEntryId)).orderIsKnown = false;
    this.#withoutEntries += 1;
    return true;
  }

  #fromRows(row: ServiceRow, beforeEntryId: number): Pick<Held, 'expected' | 'row' | 'presses'> {
    const presses = this.#db
      .prepare('SELECT * FROM press WHERE serviceId = ? AND entryId < ?')
      .all(row.serviceId, beforeEntryId) as PressRow[];
    const expected = fromRows(row, presses, this.#acts.ofService(row.serviceId, beforeEntryId));
    return { expected, row, presses: new Map(presses.map((press) => [press.pressId, press])) };
  }

  #hold(record: Pick<Held, 'expected' | 'row'> & Partial<Held>): Held {
    const held: Held = { presses: new Map(), orderIsKnown: true, ...record };
    this.#held.set(record.expected.serviceId, held);
    this.#order.push(record.expected.serviceId);
    if (this.#held.size > MAX_HELD) this.#giveUpOldest();
    return held;
  }

  #giveUpOldest(): void {
    const serviceId = this.#order[this.#oldest] ?? '';
    this.#oldest += 1;
    if (this.#oldest > MAX_HELD) {
      this.#order = this.#order.slice(this.#oldest);
      this.#oldest = 0;
    }
    const held = this.#held.get(serviceId);
    if (held === undefined) return;
    this.#held.delete(serviceId);
    this.#letGo = true;
    if (this.#differences(held).length === 0) return;
    if (this.#differing.size < MAX_RARE) this.#differing.set(serviceId, held);
    else this.#overflown = true;
  }

  #claimPress(held: Held, pressId: string): void {
    const { serviceId, presses } = held.expected;
    const expected = presses.get(pressId);
    const claimed = this.#presses.claim(pressId);
    if (expected === undefined || claimed?.first === false) return;
    if (claimed === null) return this.#parts.faults.add(`press ${pressId} of service ${serviceId} has no row`);
    held.presses.set(pressId, claimed.row);
    const wrong = pressDifferences(serviceId, expected, claimed.row);
    if (wrong.length > 0) this.#differs(`press ${pressId} of service ${serviceId}`, wrong, expected.entryId);
  }

  #claimAct(serviceId: string, act: ExpectedAct): Fate {
    const { faults } = this.#parts;
    const { ratingId, entryId } = act;
    const { fate, wrong } = this.#acts.claim(serviceId, act);
    if (fate === 'lost') faults.add(`rating ${ratingId} of service ${serviceId} has no row`);
    if (wrong.length > 0) this.#differs(`rating ${ratingId} of service ${serviceId}`, wrong, entryId);
    if (fate === 'stands' || fate === 'displaced') this.#queue.claim(act, fate);
    return fate;
  }

  #defer(stored: StoredEntry, entry: LooseEntry, wasSetAside: boolean): void {
    const { id, source, epoch, seq, kind, terminal } = stored;
    if (this.#deferred.length >= MAX_RARE) this.#overflown = true;
    else this.#deferred.push({ stored: { id, source, epoch, seq, kind, terminal }, entry, wasSetAside });
  }

  /** What was set aside first and carried out later, and what rests on it. When exactly is not known. */
  #carryOutDeferred(): void {
    for (const { stored, entry, wasSetAside } of this.#deferred) {
      const code = this.#carryOut(stored, entry);
      const held = this.#held.get(textOf(entry.body, 'serviceId'));
      if (held !== undefined) held.orderIsKnown = false;
      if (code === null || wasSetAside) continue;
      if (this.#parts.isPruned && code === 'service-unknown') this.#withoutEntries += 1;
      else this.#parts.faults.add(`${placeOf(stored)} means nothing here (${code}), and is not set aside`);
    }
  }

  /** Whether there is a reason for which an entry may be set aside: who deletes a rating could say so of its entry. */
  #questionSetAside(stored: StoredEntry, aside: SetAside, entry: LooseEntry | null): void {
    const { suite, faults, isPruned } = this.#parts;
    const { kind, bytes } = stored;
    if (!isKnownKind(kind) || !isWellFormed(suite, bytes, kind)) return;
    if (entry === null) {
      const read = readLoosely(bytes);
      if (read?.source !== stored.source || read.epoch !== stored.epoch || read.seq !== stored.seq) return;
      faults.add(`${placeOf(stored)} is set aside as ${aside.code}, for no reason that can be seen`);
      return;
    }
    const named = textOf(entry.body, 'serviceId');
    if (isCodeName(named)) {
      // Under the name of a code only the gateway's acts mean something.
      if (kind === 'rating.made' && stored.terminal === '' && this.#provisionals.of(named) !== null)
        faults.add(`${placeOf(stored)} is set aside as ${aside.code}, for no reason that can be seen`);
      return;
    }
    const held = this.#find(named, stored.id);
    // Before acts were kept aside, a second one was set aside here: services of then have no days.
    if (aside.code === 'service-already-rated' && held?.expected.isRated === true && held.row?.daysFrom === null)
      return;
    const would =
      held !== null
        ? carryOut(copyOf(held.expected), entry, stored.id, stored.terminal, () => 'stands', this.#reasonsOf)
        : opened(entry, stored.terminal, undefined) === null
          ? 'service-unknown'
          : null;
    if (would === null && !isPruned)
      faults.add(
        `${placeOf(stored)} is set aside as ${aside.code}, for no reason that can be seen (pjq quarantine retry carries it out)`,
      );
  }

  #differences(held: Held): string[] {
    const { expected, row, presses, orderIsKnown } = held;
    if (row === null) return ['no row'];
    const columns = serviceDifferences(expected, row, orderIsKnown);
    // Its end may be among the entries that the retention let go.
    const endedUnseen = this.#parts.isPruned && row.state === 'closed' && expected.state !== 'closed';
    return [...(endedUnseen ? [] : columns), ...moreDifferences(expected.presses, presses)];
  }

  #report(held: Held): void {
    const wrong = this.#differences(held);
    const { serviceId } = held.expected;
    if (held.row === null) this.#parts.faults.add(`service ${serviceId} has no row`);
    else if (wrong.length > 0)
      this.#parts.faults.add(`service ${serviceId} is not as its entries say (${wrong.join(', ')})`);
  }

  #reportUnclaimed(): void {
    const { faults, isPruned } = this.#parts;
    const entry = this.#db.prepare('SELECT 1 FROM entry WHERE id = ?');
    const restsOnPruned = (entryId: number) => isPruned && entry.get(entryId) === undefined;
    for (const { serviceId } of this.#services.unclaimed())
      if (isPruned) this.#withoutEntries += 1;
      else faults.add(`service ${serviceId} is backed by no entry`);
    for (const { pressId, serviceId, entryId } of this.#presses.unclaimed())
      if (restsOnPruned(entryId)) this.#withoutEntries += 1;
      else faults.add(`press ${pressId} of service ${serviceId} is backed by no entry`);
    for (const { ratingId, serviceId, entryId } of this.#acts.unclaimed())
      if (restsOnPruned(entryId)) this.#withoutEntries += 1;
      else faults.add(`rating ${ratingId} of service ${serviceId} is backed by no entry`);
  }

  #differs(what: string, columns: readonly string[], entryId: number): void {
    const place = this.#db
      .prepare('SELECT source, epoch.epoch, seq FROM entry JOIN epoch ON epoch.id = epochId WHERE entry.id = ?')
      .get(entryId) as { source: string; epoch: string; seq: number } | undefined;
    this.#parts.faults.add(
      `${what} is not as its entry ${place === undefined ? '' : `${placeOf(place)} `}says (${columns.join(', ')})`,
    );
  }
}

const placeOf = ({ source, epoch, seq }: { source: string; epoch: string; seq: number }) => `${source} ${epoch} ${seq}`;

/** What the rules look at; where a look does not suffice, the schema decides. */
function isShaped({ kind, body }: LooseEntry, bySchema: () => boolean): boolean {
  const named = typeof body['serviceId'] === 'string';
  const identified =
    typeof body['id'] === 'string' && typeof body['level'] === 'number' && typeof body['cause'] === 'string';
  if (named && kind === 'rating' && identified && body['reasons'] === undefined) return true;
  if (named && kind === 'press' && typeof body['id'] === 'string' && typeof body['level'] === 'number') return true;
  return named && (kind === 'unrated' || kind === 'service.opened' || kind === 'service.requested') ? true : bySchema();
}

function copyOf(service: ExpectedService): ExpectedService {
  const presses = new Map([...service.presses].map(([id, press]) => [id, { ...press }]));
  return { ...service, presses, acts: new Set(service.acts) };
}
