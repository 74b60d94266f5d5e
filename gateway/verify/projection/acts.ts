/**
 * Acts of rating in the tables: the one of a service that counts, and those beside it. Held against the entries one by
 * one, and against the order of acts at the end: a second reading of that rule, made of the rule and not of the code
 * that decides by it.
 */
import type Database from 'better-sqlite3';
import { columnsOf, tablesOf } from '../open-evidence.js';
import type { FaultList } from '../verify-report.js';
import type { ExpectedAct, Fate } from './expected-service.js';
import { actDifferences, actRows, type RatingRow } from './table-rows.js';

/** The parts of an act's row that its order rests on, and what an act off the site says beside. */
interface ActRow extends RatingRow {
  readonly correctedLowMs: number | null;
  readonly correctedHighMs: number | null;
  readonly latestMs: number | null;
  readonly verified: number | null;
  readonly reasons: string | null;
  readonly text: string | null;
  readonly marks: string | null;
  readonly replaces: string | null;
  readonly orderedAs: string | null;
}

interface AsideRow extends ActRow {
  readonly code: string;
}

/** No policy's days are over sooner after the service. */
const SHORTEST_DAYS_MS = 86_400_000;
/** No policy lets anybody change a rating for longer. */
const LONGEST_CHANGE_MS = 600_000;
/** Of acts that counted until another came. */
const GONE: ReadonlySet<string> = new Set(['rating-displaced', 'rating-replaced']);
const CODES: ReadonlySet<string> = new Set([
  'service-already-rated',
  'rating-replaced',
  'rating-displaced',
  'rating-window-over',
  'service-ungranted',
]);

export class Acts {
  readonly #db: Database.Database;
  readonly #ratings;
  /** `null` in a database of before acts were kept aside. */
  readonly #asides;
  readonly #one: Readonly<Record<'rating' | 'aside', Database.Statement>> | null;
  /** Whether acts say whose place they have: not in a database of before ratings could be changed. */
  readonly #hasPlaces: boolean;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#ratings = actRows(db, 'rating');
    const hasAside = tablesOf(db).has('aside') && columnsOf(db, 'rating').has('latestMs');
    this.#hasPlaces = hasAside && columnsOf(db, 'aside').has('orderedAs');
    this.#asides = hasAside ? actRows(db, 'aside') : null;
    this.#one = hasAside
      ? {
          rating: db.prepare('SELECT * FROM rating WHERE ratingId = ?'),
          aside: db.prepare('SELECT * FROM aside WHERE ratingId = ?'),
        }
      : null;
  }

  /** Ratings that count and that entries tell of. */
  get claimed(): number {
    return this.#ratings.claimed;
  }

  get overflown(): boolean {
    return this.#ratings.overflown || this.#asides?.overflown === true;
  }

  /** Whether an entry that was read has told of the act. */
  isClaimed(ratingId: string): boolean {
    return this.#ratings.claimedBefore(ratingId) !== null || (this.#asides?.claimedBefore(ratingId) ?? null) !== null;
  }

  /** The row of an act that an entry tells of. @returns where it is, and what of it is not as the entry says. */
  claim(serviceId: string, act: ExpectedAct): { readonly fate: Fate; readonly wrong: readonly string[] } {
    const standing = this.#ratings.claim(act.ratingId);
    if (standing !== null) return { fate: 'stands', wrong: this.#differences(serviceId, act, 'rating', standing.row) };
    const aside = this.#asides?.claim(act.ratingId) ?? null;
    if (aside === null) return { fate: 'lost', wrong: [] };
    const wrong = this.#differences(serviceId, act, 'aside', aside.row);
    const { code } = this.#one?.aside.get(act.ratingId) as AsideRow;
    return { fate: GONE.has(code) ? 'displaced' : 'aside', wrong };
  }

  /** Acts of a service that are told of before an entry. */
  ofService(serviceId: string, beforeEntryId: number) {
    const rating = this.#db
      .prepare('SELECT ratingId FROM rating WHERE serviceId = ? AND entryId < ?')
      .get(serviceId, beforeEntryId) as { ratingId: string } | undefined;
    const beside =
      this.#asides === null
        ? []
        : (this.#db
            .prepare('SELECT ratingId, code FROM aside WHERE serviceId = ? AND entryId < ?')
            .all(serviceId, beforeEntryId) as { ratingId: string; code: string }[]);
    const idsOf = (rows: typeof beside) => rows.map(({ ratingId }) => ratingId);
    return {
      standing: rating?.ratingId ?? null,
      displaced: idsOf(beside.filter(({ code }) => GONE.has(code))),
      aside: idsOf(beside.filter(({ code }) => !GONE.has(code))),
    };
  }

  /** Rows that no entry tells of. To be asked once, at the end. */
  *unclaimed(): Generator<RatingRow & { readonly table: 'rating' | 'aside' }> {
    for (const row of this.#ratings.unclaimed()) yield { ...row, table: 'rating' };
    if (this.#asides !== null) for (const row of this.#asides.unclaimed()) yield { ...row, table: 'aside' };
  }

  /** Whether of the acts of each service the right one counts. To be asked at the end. */
  reportOrder(faults: FaultList): void {
    if (this.#one === null) return;
    const standingOf = this.#db.prepare('SELECT * FROM rating WHERE serviceId = ?');
    const daysFrom = this.#db
      .prepare('SELECT coalesce(daysFrom, requestedAt) FROM service WHERE serviceId = ?')
      .pluck();
    for (const row of this.#db.prepare('SELECT * FROM aside').iterate() as IterableIterator<AsideRow>) {
      const { ratingId, serviceId, code } = row;
      const name = `rating ${ratingId} of service ${serviceId}`;
      this.#reportTime(faults, row);
      if (!CODES.has(code)) faults.add(`${name} is kept aside as ${code}, which is no reason`);
      if (code === 'rating-window-over') {
        const from = daysFrom.get(serviceId) as number | null | undefined;
        if (row.correctedLowMs === null || from == null || row.correctedLowMs < from + SHORTEST_DAYS_MS)
          faults.add(`${name} is kept aside as ${code}, but was made in time`);
      }
      if (code === 'rating-replaced' && this.#successors(row) !== 1)
        faults.add(`${name} is kept aside as ${code}, but no act, or more than one, took its place`);
      if (code !== 'service-already-rated' && code !== 'rating-displaced') continue;
      const standing = standingOf.get(serviceId) as ActRow | undefined;
      if (standing === undefined) {
        faults.add(`${name} is kept aside as ${code}, but no other one stands`);
        continue;
      }
      this.#reportTime(faults, standing);
      // Of several that change one act the first to come has its place.
      const isChange = code === 'service-already-rated' && typeof row.orderedAs === 'string';
      if (isChange && standing.orderedAs === row.orderedAs) continue;
      if (!this.#comesFirst(standing, row))
        faults.add(`${name} is kept aside as ${code}, but comes before ${standing.ratingId}, which stands`);
    }
  }

  /** A rating that takes another's place at the centre: that other counted before, for the same service. */
  reportCorrections(faults: FaultList): void {
    if (this.#one === null) return;
    const rows = this.#db
      .prepare(
        `SELECT ratingId, corrects FROM forward WHERE corrects IS NOT NULL AND corrects NOT IN
           (SELECT before.ratingId FROM aside AS before
            WHERE before.code IN ('rating-displaced', 'rating-replaced') AND before.serviceId IN
              (SELECT serviceId FROM rating WHERE rating.ratingId = forward.ratingId
               UNION ALL SELECT serviceId FROM aside WHERE aside.ratingId = forward.ratingId))`,
      )
      .all() as { ratingId: string; corrects: string }[];
    for (const { ratingId, corrects } of rows)
      faults.add(`rating ${ratingId} is to take the place of ${corrects}, which was none of its service`);
  }

  #differences(serviceId: string, act: ExpectedAct, table: 'rating' | 'aside', row: RatingRow): string[] {
    const wrong = actDifferences(serviceId, act, row);
    const { offSite, at } = act;
    if (offSite === null || this.#one === null) return wrong;
    const all = this.#one[table].get(act.ratingId) as ActRow;
    const compare = (column: keyof ActRow, said: unknown) => {
      if (all[column] !== said) wrong.push(column);
    };
    for (const column of ['verified', 'reasons', 'text'] as const) compare(column, offSite[column]);
    if (this.#hasPlaces) for (const column of ['marks', 'replaces'] as const) compare(column, offSite[column]);
    if (this.#hasPlaces && all.orderedAs !== null) return [...wrong, ...this.#placeDifferences(all)];
    for (const column of ['correctedLowMs', 'correctedHighMs', 'latestMs'] as const) compare(column, at);
    return wrong;
  }

  /** An act in the place of the one that it changes has that one's times and rank, and was as well known, and in time. */
  #placeDifferences(row: ActRow): string[] {
    const named = row.replaces === null ? undefined : this.#row(row.replaces);
    const mayChange =
      named?.serviceId === row.serviceId &&
      named.channel !== 'window' &&
      named.verified === row.verified &&
      row.at <= named.at + LONGEST_CHANGE_MS;
    if (!mayChange) return ['orderedAs'];
    const wrong: string[] = [];
    if (row.orderedAs !== (named.orderedAs ?? named.ratingId)) wrong.push('orderedAs');
    const { latestMs } = named;
    if (row.correctedLowMs !== named.correctedLowMs) wrong.push('correctedLowMs');
    if (row.correctedHighMs !== latestMs) wrong.push('correctedHighMs');
    if (row.latestMs !== latestMs) wrong.push('latestMs');
    return wrong;
  }

  #row(ratingId: string): ActRow | undefined {
    return (this.#one?.rating.get(ratingId) ?? this.#one?.aside.get(ratingId)) as ActRow | undefined;
  }

  /** How many acts have, or had, the place of one that was changed. */
  #successors({ ratingId, serviceId }: AsideRow): number {
    return this.#db
      .prepare(
        `SELECT (SELECT count(*) FROM rating WHERE serviceId = :serviceId AND replaces = :ratingId AND orderedAs IS NOT NULL)
              + (SELECT count(*) FROM aside WHERE serviceId = :serviceId AND replaces = :ratingId AND orderedAs IS NOT NULL
                   AND code IN ('rating-displaced', 'rating-replaced'))`,
      )
      .pluck()
      .get({ ratingId, serviceId }) as number;
  }

  /** The time by which a terminal's act is ordered is its corrected one, or that of its arrival. */
  #reportTime(faults: FaultList, row: ActRow): void {
    if (row.channel !== 'window') return; // Held against its entry.
    const isRight = (row.latestMs ?? this.#latestOf(row)) === this.#latestOf(row) && row.verified !== 0;
    if (!isRight)
      faults.add(`rating ${row.ratingId} of service ${row.serviceId} is ordered by a time that is not its own`);
  }

  #latestOf({ ratingId, correctedHighMs, at }: ActRow): number {
    if (correctedHighMs !== null) return correctedHighMs;
    const received = this.#db.prepare('SELECT receivedAt FROM press WHERE pressId = ?').pluck().get(ratingId);
    return typeof received === 'number' ? received : at;
  }

  /** Verified before unverified; then by the end of the time; then the terminal's own; then by the id. */
  #comesFirst(one: ActRow, other: ActRow): boolean {
    const keysOf = (row: ActRow): readonly (number | string)[] => [
      row.verified === 0 ? 1 : 0,
      row.latestMs ?? this.#latestOf(row),
      row.channel === 'window' ? 0 : 1,
      row.orderedAs ?? row.ratingId,
    ];
    const [a, b] = [keysOf(one), keysOf(other)];
    const at = a.findIndex((key, index) => key !== b[index]);
    return at >= 0 && (a[at] as number) < (b[at] as number);
  }
}
