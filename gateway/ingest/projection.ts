/**
 * What a run of entries finds and changes in the projections: loaded in bulk before the first of them, changed in
 * memory in their order, written in bulk after the last, all within one transaction.
 */
import type { GoneCode } from '../core/rating/judge-act.js';
import { insertMany, selectMany } from '../store/bulk.js';
import { raiseAlarm, type Alarm } from '../store/alarm.js';
import type {
  AsideTable,
  ForwardTable,
  PartTable,
  PressTable,
  RatingTable,
  SelfCheckTable,
  ServiceTable,
} from '../store/schema.js';
import type { Trx } from '../store/store.js';
import { TimePairs } from './corrected-time.js';
import { KnownLists } from './known-lists.js';
import {
  SERVICE,
  SERVICE_CHANGES,
  PRESS,
  RATING,
  ASIDE,
  FORWARD,
  FORWARD_CHANGES,
  PART,
  SELF_CHECK,
  QUARANTINE,
} from './projection-columns.js';
import { Provisionals } from './provisionals.js';

/** What must be known before a run is projected. */
export interface Wanted {
  readonly services: ReadonlySet<string>;
  readonly presses: ReadonlySet<string>;
  readonly parts: ReadonlyMap<string, readonly [terminal: string, part: string]>;
  /** Services of which an act is told, or the end of the session: a rating that they have already must be known. */
  readonly acts: ReadonlySet<string>;
  /** Terminals at which services are opened. */
  readonly duties: ReadonlySet<string>;
  /** Services that are opened, each with its terminal. */
  readonly openings: ReadonlyMap<string, string>;
  /** What a receipt's code calls a service. */
  readonly referenceOf: (serviceId: string) => string;
}

/** An entry whose meaning is set aside. */
export interface SetAside {
  readonly entryId: number;
  readonly code: string;
  readonly detail: string;
  readonly at: number;
}

export class Projection {
  readonly times = new TimePairs();
  readonly lists = new KnownLists();
  readonly provisionals = new Provisionals();
  readonly #services = new Map<string, ServiceTable>();
  readonly #presses = new Map<string, PressTable>();
  readonly #parts = new Map<string, PartTable>();
  readonly #changedServices = new Set<ServiceTable>();
  readonly #changedPresses = new Set<PressTable>();
  readonly #changedParts = new Set<PartTable>();
  readonly #ratings = new Map<string, RatingTable>();
  readonly #newRatings = new Set<RatingTable>();
  readonly #goneRatings = new Set<RatingTable>();
  readonly #asides = new Map<string, AsideTable>();
  readonly #newAsides = new Set<AsideTable>();
  readonly #goneAsides = new Set<AsideTable>();
  readonly #forwards = new Map<string, ForwardTable>();
  readonly #newForwards = new Set<ForwardTable>();
  readonly #changedForwards = new Set<ForwardTable>();
  readonly #goneForwards = new Set<ForwardTable>();
  readonly #selfChecks: SelfCheckTable[] = [];
  readonly #duties = new Map<string, string | null>();
  readonly #changedDuties = new Set<string>();
  readonly #alarms: Alarm[] = [];
  readonly #setAside: SetAside[] = [];

  async load(trx: Trx, { presses, parts, duties, openings, referenceOf, ...wanted }: Wanted): Promise<void> {
    const resolved = await this.provisionals.loadNamed(trx, wanted.services);
    const services = resolved.length === 0 ? wanted.services : new Set([...wanted.services, ...resolved]);
    const acts = resolved.length === 0 ? wanted.acts : new Set([...wanted.acts, ...resolved]);
    for (const row of await selectMany(trx, 'service', SERVICE, ['serviceId'], keys(services)))
      this.#services.set(row.serviceId, row);
    const last = [...this.#services.values()].flatMap(({ lastPressId }) => lastPressId ?? []);
    for (const row of await selectMany(trx, 'press', PRESS, ['pressId'], keys(new Set([...presses, ...last]))))
      this.#presses.set(row.pressId, row);
    for (const row of await selectMany(trx, 'part', PART, ['terminal', 'part'], [...parts.values()]))
      this.#parts.set(`${row.terminal} ${row.part}`, row);
    for (const { terminal, duty } of await selectMany(
      trx,
      'terminal',
      ['terminal', 'duty'],
      ['terminal'],
      keys(duties),
    ))
      this.#duties.set(terminal, duty);
    await this.#loadActs(trx, acts);
    const unknown = Array.from(openings).filter(([serviceId]) => !this.#services.has(serviceId));
    await this.loadWaiting(trx, unknown, referenceOf);
  }

  /** What waits for services that are new, and what of acts stands under the names of codes. */
  async loadWaiting(
    trx: Trx,
    services: readonly (readonly [serviceId: string, terminal: string])[],
    referenceOf: Wanted['referenceOf'],
  ): Promise<void> {
    await this.provisionals.loadWaiting(trx, services, referenceOf);
    await this.#loadProvisionalActs(trx);
  }

  /** What is there of acts already: hardly any service has a second one, so that next to nothing is asked for. */
  async #loadActs(trx: Trx, acts: ReadonlySet<string>): Promise<void> {
    const rows = Array.from(acts, (serviceId) => this.#services.get(serviceId)).filter((row) => row !== undefined);
    const ended = rows.filter(({ state, ratingId }) => state === 'closed' || ratingId !== null);
    const standing = new Set(ended.flatMap(({ ratingId }) => (ratingId === null ? [] : [ratingId])));
    for (const row of await selectMany(trx, 'rating', RATING, ['ratingId'], keys(standing)))
      this.#ratings.set(row.ratingId, row);
    await this.#timeOldRatings(trx);
    for (const row of await selectMany(trx, 'forward', FORWARD, ['ratingId'], keys(standing)))
      this.#forwards.set(row.ratingId, row);
    const asideOf = new Set(ended.map(({ serviceId }) => serviceId));
    for (const row of await selectMany(trx, 'aside', ASIDE, ['serviceId'], keys(asideOf)))
      this.#asides.set(row.ratingId, row);
  }

  async #loadProvisionalActs(trx: Trx): Promise<void> {
    const ids = this.provisionals.waitingIds.map((id): [string] => [id]);
    if (ids.length === 0) return;
    for (const row of await selectMany(trx, 'rating', RATING, ['serviceId'], ids)) this.#ratings.set(row.ratingId, row);
    for (const row of await selectMany(trx, 'aside', ASIDE, ['serviceId'], ids)) this.#asides.set(row.ratingId, row);
    const of = new Set(ids.map(([id]) => id));
    const acts = [...this.#ratings.values(), ...this.#asides.values()].filter(({ serviceId }) => of.has(serviceId));
    const queued = acts.map(({ ratingId }): [string] => [ratingId]);
    for (const row of await selectMany(trx, 'forward', FORWARD, ['ratingId'], queued))
      this.#forwards.set(row.ratingId, row);
  }

  /** Rows of before acts were ordered do not say by what: by the corrected time, or that of their press's arrival. */
  async #timeOldRatings(trx: Trx): Promise<void> {
    const old = [...this.#ratings.values()].filter(({ latestMs }) => latestMs === null);
    const presses = new Set(old.map(({ ratingId }) => ratingId));
    const received = new Map(
      (await selectMany(trx, 'press', ['pressId', 'receivedAt'], ['pressId'], keys(presses))).map((row) => [
        row.pressId,
        row.receivedAt,
      ]),
    );
    for (const row of old) row.latestMs = row.correctedHighMs ?? received.get(row.ratingId) ?? row.at;
  }

  service(serviceId: string): Readonly<ServiceTable> | undefined {
    return this.#services.get(serviceId);
  }

  addService(row: ServiceTable): void {
    this.#services.set(row.serviceId, row);
    this.#changedServices.add(row);
  }

  changeService(serviceId: string, changes: Partial<Pick<ServiceTable, (typeof SERVICE_CHANGES)[number]>>): void {
    const row = this.#services.get(serviceId);
    if (row !== undefined) this.#changedServices.add(Object.assign(row, changes));
  }

  press(pressId: string): Readonly<PressTable> | undefined {
    return this.#presses.get(pressId);
  }

  /** The first that came under its id stays. */
  addPress(row: PressTable): void {
    if (this.#presses.has(row.pressId)) return;
    this.#presses.set(row.pressId, row);
    this.#changedPresses.add(row);
  }

  setReasons(pressId: string, said: Pick<PressTable, 'reasons' | 'marks'>): void {
    const row = this.#presses.get(pressId);
    if (row !== undefined) this.#changedPresses.add(Object.assign(row, said));
  }

  rating(ratingId: string): Readonly<RatingTable> | undefined {
    return this.#ratings.get(ratingId);
  }

  /** A rating that stands, and its place in the queue for the centre. */
  addRating(
    rating: RatingTable,
    { state, nextAt, corrects }: Pick<ForwardTable, 'state' | 'nextAt' | 'corrects'>,
  ): void {
    const { ratingId } = rating;
    // Each column by its name: built on a spread it takes as long as inserting the row (measured).
    const forward: ForwardTable = {
      ratingId,
      state,
      attempts: 0,
      nextAt,
      claimedUntil: 0,
      lastCode: null,
      deliveredAt: null,
      corrects,
      supplied: null,
    };
    this.#ratings.set(ratingId, rating);
    this.#newRatings.add(rating);
    this.#forwards.set(ratingId, forward);
    this.#newForwards.add(forward);
  }

  /** The act that counts of one of which only a code is known. */
  standingOf(serviceId: string): string | null {
    for (const row of this.#ratings.values()) if (row.serviceId === serviceId) return row.ratingId;
    return null;
  }

  /** Tells the service of the act that counts, where there is a record of it. */
  setStanding(serviceId: string, ratingId: string): void {
    this.changeService(serviceId, { ratingId });
  }

  /** Takes the acts of a service out of the tables. @returns them in the order in which they came. */
  takeOut(serviceId: string): RatingTable[] {
    const out: RatingTable[] = [];
    for (const row of this.#ratings.values())
      if (row.serviceId === serviceId) {
        this.#ratings.delete(row.ratingId);
        if (!this.#newRatings.delete(row)) this.#goneRatings.add(row);
        out.push(row);
      }
    for (const row of this.#asides.values())
      if (row.serviceId === serviceId) {
        this.#asides.delete(row.ratingId);
        if (!this.#newAsides.delete(row)) this.#goneAsides.add(row);
        out.push(row);
      }
    for (const { ratingId } of out) {
      const row = this.#forwards.get(ratingId);
      if (row === undefined) continue;
      this.#forwards.delete(ratingId);
      this.#changedForwards.delete(row);
      if (!this.#newForwards.delete(row)) this.#goneForwards.add(row);
    }
    return out.sort((a, b) => a.entryId - b.entryId);
  }

  aside(ratingId: string): Readonly<AsideTable> | undefined {
    return this.#asides.get(ratingId);
  }

  /** An act that does not count. */
  addAside(row: AsideTable): void {
    this.#asides.set(row.ratingId, row);
    this.#newAsides.add(row);
  }

  /** A rating that stood until now does so no longer. */
  displaceRating(ratingId: string, code: GoneCode): void {
    const row = this.#ratings.get(ratingId);
    if (row === undefined) return;
    this.#ratings.delete(ratingId);
    if (!this.#newRatings.delete(row)) this.#goneRatings.add(row);
    this.addAside({ ...row, code });
  }

  forward(ratingId: string): Readonly<ForwardTable> | undefined {
    return this.#forwards.get(ratingId);
  }

  changeForward(ratingId: string, changes: Partial<Pick<ForwardTable, (typeof FORWARD_CHANGES)[number]>>): void {
    const row = this.#forwards.get(ratingId);
    if (row === undefined) return;
    Object.assign(row, changes);
    if (!this.#newForwards.has(row)) this.#changedForwards.add(row);
  }

  part(terminal: string, part: string): Readonly<PartTable> | undefined {
    return this.#parts.get(`${terminal} ${part}`);
  }

  setPart(row: PartTable): void {
    const key = `${row.terminal} ${row.part}`;
    const known = this.#parts.get(key);
    if (known !== undefined) this.#changedParts.delete(known);
    this.#parts.set(key, row);
    this.#changedParts.add(row);
  }

  addSelfCheck(row: SelfCheckTable): void {
    this.#selfChecks.push(row);
  }

  /** Who is signed on at a terminal, as its log has it so far. */
  duty(terminal: string): string | null {
    return this.#duties.get(terminal) ?? null;
  }

  setDuty(terminal: string, staffNo: string | null): void {
    this.#duties.set(terminal, staffNo);
    this.#changedDuties.add(terminal);
  }

  raise(alarm: Alarm): void {
    this.#alarms.push(alarm);
  }

  setAside(one: SetAside): void {
    this.#setAside.push(one);
  }

  /** Writes what changed. */
  async write(trx: Trx): Promise<void> {
    await this.times.write(trx);
    await this.provisionals.write(trx);
    await insertMany(trx, 'service', SERVICE, valuesOf(this.#changedServices, SERVICE), {
      key: ['serviceId'],
      update: SERVICE_CHANGES,
    });
    await insertMany(trx, 'press', PRESS, valuesOf(this.#changedPresses, PRESS), {
      key: ['pressId'],
      update: ['reasons', 'marks'],
    });
    for (const { ratingId } of this.#goneRatings)
      await trx.deleteFrom('rating').where('ratingId', '=', ratingId).execute();
    for (const { ratingId } of this.#goneAsides)
      await trx.deleteFrom('aside').where('ratingId', '=', ratingId).execute();
    for (const { ratingId } of this.#goneForwards)
      await trx.deleteFrom('forward').where('ratingId', '=', ratingId).execute();
    await insertMany(trx, 'rating', RATING, valuesOf(this.#newRatings, RATING), { key: ['ratingId'] });
    await insertMany(trx, 'aside', ASIDE, valuesOf(this.#newAsides, ASIDE), { key: ['ratingId'] });
    await insertMany(trx, 'forward', FORWARD, valuesOf(this.#newForwards, FORWARD), { key: ['ratingId'] });
    await insertMany(trx, 'forward', FORWARD, valuesOf(this.#changedForwards, FORWARD), {
      key: ['ratingId'],
      update: FORWARD_CHANGES,
    });
    await insertMany(trx, 'part', PART, valuesOf(this.#changedParts, PART), {
      key: ['terminal', 'part'],
      update: ['state', 'code', 'since'],
    });
    await insertMany(trx, 'selfCheck', SELF_CHECK, valuesOf(this.#selfChecks, SELF_CHECK), { key: ['checkId'] });
    for (const terminal of this.#changedDuties)
      await trx
        .updateTable('terminal')
        .set({ duty: this.duty(terminal) })
        .where('terminal', '=', terminal)
        .execute();
    for (const alarm of this.#alarms) await raiseAlarm(trx, alarm);
    await insertMany(
      trx,
      'quarantine',
      QUARANTINE,
      this.#setAside.map(({ entryId, code, detail, at }) => [entryId, code, detail, at, null]),
      { key: ['entryId'], update: ['code', 'detail', 'resolvedAt'] },
    );
  }
}

function keys(ids: ReadonlySet<string>): [string][] {
  return Array.from(ids, (id) => [id]);
}

function valuesOf<R>(rows: Iterable<R>, columns: readonly (keyof R)[]): unknown[][] {
  return Array.from(rows, (row) => columns.map((column) => row[column]));
}
