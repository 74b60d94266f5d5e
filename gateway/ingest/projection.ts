/**
 * What a run of entries finds and changes in the projections: loaded in bulk before the first of them, changed in
 * memory in their order, written in bulk after the last, all within one transaction.
 */
import { BLANK_FORWARD } from '../store/blank-rows.js';
import { insertMany, selectMany } from '../store/bulk.js';
import { raiseAlarm, type Alarm } from '../store/alarm.js';
import type {
  ForwardTable,
  PartTable,
  PressTable,
  RatingTable,
  SelfCheckTable,
  ServiceTable,
} from '../store/schema.js';
import type { Trx } from '../store/store.js';
import { TimePairs } from './corrected-time.js';

/** What must be known before a run is projected. */
export interface Wanted {
  readonly services: ReadonlySet<string>;
  readonly presses: ReadonlySet<string>;
  readonly parts: ReadonlyMap<string, readonly [terminal: string, part: string]>;
}

/** An entry whose meaning is set aside. */
export interface SetAside {
  readonly entryId: number;
  readonly code: string;
  readonly detail: string;
  readonly at: number;
}

const SERVICE = [
  'serviceId',
  'terminal',
  'caseNo',
  'stage',
  'matter',
  'window',
  'staffNo',
  'state',
  'origin',
  'openedAt',
  'closedAt',
  'endCause',
  'closedSeenAt',
  'ratingId',
  'requestedAt',
  'validUntil',
  'form',
  'cases',
  'assessNumber',
  'followsUp',
  'attributedTo',
  'department',
  'dutyStaffNo',
  'coveredAt',
  'daysFrom',
  'expiredAt',
  'defaultLevel',
] as const satisfies readonly (keyof ServiceTable)[];
/** What entries change of a service that is there. */
const SERVICE_CHANGES = [
  'window',
  'staffNo',
  'state',
  'openedAt',
  'closedAt',
  'endCause',
  'closedSeenAt',
  'ratingId',
] as const satisfies readonly (keyof ServiceTable)[];
const PRESS = [
  'pressId',
  'serviceId',
  'level',
  'entryId',
  'at',
  'bootId',
  'monoMs',
  'receivedAt',
  'reasons',
] as const satisfies readonly (keyof PressTable)[];
const RATING = [
  'ratingId',
  'serviceId',
  'level',
  'channel',
  'cause',
  'entryId',
  'at',
  'correctedLowMs',
  'correctedHighMs',
  'latestMs',
  'verified',
  'reasons',
  'text',
] as const satisfies readonly (keyof RatingTable)[];
const FORWARD = [
  'ratingId',
  'state',
  'attempts',
  'nextAt',
  'claimedUntil',
  'lastCode',
  'deliveredAt',
  'corrects',
  'supplied',
] as const satisfies readonly (keyof ForwardTable)[];
const PART = ['terminal', 'part', 'state', 'code', 'since'] as const satisfies readonly (keyof PartTable)[];
const SELF_CHECK = [
  'checkId',
  'terminal',
  'staffNo',
  'result',
  'reason',
  'startedAt',
  'endedAt',
  'items',
] as const satisfies readonly (keyof SelfCheckTable)[];
const QUARANTINE = ['entryId', 'code', 'detail', 'at', 'resolvedAt'] as const;

export class Projection {
  readonly times = new TimePairs();
  readonly #services = new Map<string, ServiceTable>();
  readonly #presses = new Map<string, PressTable>();
  readonly #parts = new Map<string, PartTable>();
  readonly #changedServices = new Set<ServiceTable>();
  readonly #changedPresses = new Set<PressTable>();
  readonly #changedParts = new Set<PartTable>();
  readonly #ratings: RatingTable[] = [];
  readonly #forwards: ForwardTable[] = [];
  readonly #selfChecks: SelfCheckTable[] = [];
  readonly #duties = new Map<string, string | null>();
  readonly #alarms: Alarm[] = [];
  readonly #setAside: SetAside[] = [];

  async load(trx: Trx, { services, presses, parts }: Wanted): Promise<void> {
    for (const row of await selectMany(trx, 'service', SERVICE, ['serviceId'], keys(services)))
      this.#services.set(row.serviceId, row);
    for (const row of await selectMany(trx, 'press', PRESS, ['pressId'], keys(presses)))
      this.#presses.set(row.pressId, row);
    for (const row of await selectMany(trx, 'part', PART, ['terminal', 'part'], [...parts.values()]))
      this.#parts.set(`${row.terminal} ${row.part}`, row);
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

  setReasons(pressId: string, reasons: string | null): void {
    const row = this.#presses.get(pressId);
    if (row !== undefined) this.#changedPresses.add(Object.assign(row, { reasons }));
  }

  /** A rating that stands, and its place in the queue for the centre. */
  addRating(rating: RatingTable, nextAt: number): void {
    const { ratingId } = rating;
    this.#ratings.push(rating);
    this.#forwards.push({
      ratingId,
      state: 'waiting',
      nextAt,
      ...BLANK_FORWARD,
    });
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

  setDuty(terminal: string, staffNo: string | null): void {
    this.#duties.set(terminal, staffNo);
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
    await insertMany(trx, 'service', SERVICE, valuesOf(this.#changedServices, SERVICE), {
      key: ['serviceId'],
      update: SERVICE_CHANGES,
    });
    await insertMany(trx, 'press', PRESS, valuesOf(this.#changedPresses, PRESS), {
      key: ['pressId'],
      update: ['reasons'],
    });
    await insertMany(trx, 'rating', RATING, valuesOf(this.#ratings, RATING));
    await insertMany(trx, 'forward', FORWARD, valuesOf(this.#forwards, FORWARD));
    await insertMany(trx, 'part', PART, valuesOf(this.#changedParts, PART), {
      key: ['terminal', 'part'],
      update: ['state', 'code', 'since'],
    });
    await insertMany(trx, 'selfCheck', SELF_CHECK, valuesOf(this.#selfChecks, SELF_CHECK), { key: ['checkId'] });
    for (const [terminal, duty] of this.#duties)
      await trx.updateTable('terminal').set({ duty }).where('terminal', '=', terminal).execute();
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
