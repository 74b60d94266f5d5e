/** Rows of the tables from which figures are read, and what of them must be as the entries say. */
import type Database from 'better-sqlite3';
import {
  matterText,
  moreText,
  type ExpectedAct,
  type ExpectedPress,
  type ExpectedService,
} from './expected-service.js';
import { RowStream } from './row-stream.js';

export interface ServiceRow {
  readonly serviceId: string;
  readonly terminal: string;
  readonly caseNo: string;
  readonly stage: string;
  readonly matter: string | null;
  readonly window: string | null;
  readonly staffNo: string | null;
  readonly state: string;
  readonly origin: string;
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  readonly endCause: string | null;
  readonly ratingId: string | null;
  /** Null as well in a row of before the days were kept. */
  readonly daysFrom: number | null;
  readonly dutyStaffNo: string | null;
  /** Form, cases, follow-up and attribution, JSON; null where the row says nothing of them. */
  readonly more: string | null;
}

export interface PressRow {
  readonly pressId: string;
  readonly serviceId: string;
  readonly level: number;
  readonly entryId: number;
  readonly at: number;
  readonly bootId: string;
  readonly monoMs: number;
  readonly reasons: string | null;
  readonly marks: string | null;
}

/** Columns that were added later. */
export interface PressColumns {
  readonly hasReasons: boolean;
  readonly hasMarks: boolean;
}

export interface RatingRow {
  readonly ratingId: string;
  readonly serviceId: string;
  readonly level: number;
  readonly channel: string;
  readonly cause: string;
  readonly entryId: number;
  readonly at: number;
}

export interface ForwardRow {
  readonly ratingId: string;
  readonly state: string;
}

/** Hardly any service says it: then it costs nothing. Cases that are no JSON are told as they stand. */
const MORE = `CASE WHEN coalesce(form, cases, assessNumber, followsUp, attributedTo, department) IS NOT NULL
  THEN json_object('form', form, 'cases', iif(json_valid(cases), json(cases), cases), 'assessNumber', assessNumber,
    'followsUp', followsUp, 'attributedTo', attributedTo, 'department', department) END`;

export const serviceRows = (db: Database.Database, hasDays: boolean) =>
  new RowStream<ServiceRow>(
    db,
    {
      table: 'service',
      key: 'serviceId',
      columns: `serviceId, terminal, caseNo, stage, matter, "window", staffNo, state, origin, openedAt, closedAt, endCause, ratingId, ${hasDays ? `daysFrom, dutyStaffNo, ${MORE}` : 'NULL, NULL, NULL'}`,
    },
    (row) => ({
      serviceId: row[1] as string,
      terminal: row[2] as string,
      caseNo: row[3] as string,
      stage: row[4] as string,
      matter: row[5] as string | null,
      window: row[6] as string | null,
      staffNo: row[7] as string | null,
      state: row[8] as string,
      origin: row[9] as string,
      openedAt: row[10] as number | null,
      closedAt: row[11] as number | null,
      endCause: row[12] as string | null,
      ratingId: row[13] as string | null,
      daysFrom: row[14] as number | null,
      dutyStaffNo: row[15] as string | null,
      more: row[16] as string | null,
    }),
    (row) => row.serviceId,
  );

export const pressRows = (db: Database.Database, { hasReasons, hasMarks }: PressColumns) =>
  new RowStream<PressRow>(
    db,
    {
      table: 'press',
      key: 'pressId',
      columns: `pressId, serviceId, level, entryId, at, bootId, monoMs, ${hasReasons ? 'reasons' : 'NULL'}, ${hasMarks ? 'marks' : 'NULL'}`,
    },
    (row) => ({
      pressId: row[1] as string,
      serviceId: row[2] as string,
      level: row[3] as number,
      entryId: row[4] as number,
      at: row[5] as number,
      bootId: row[6] as string,
      monoMs: row[7] as number,
      reasons: row[8] as string | null,
      marks: row[9] as string | null,
    }),
    (row) => row.pressId,
  );

/** @param table `rating`, or `aside` for the acts that do not count. */
export const actRows = (db: Database.Database, table: 'rating' | 'aside') =>
  new RowStream<RatingRow>(
    db,
    { table, key: 'ratingId', columns: 'ratingId, serviceId, level, channel, cause, entryId, at' },
    (row) => ({
      ratingId: row[1] as string,
      serviceId: row[2] as string,
      level: row[3] as number,
      channel: row[4] as string,
      cause: row[5] as string,
      entryId: row[6] as number,
      at: row[7] as number,
    }),
    (row) => row.ratingId,
  );

export const forwardRows = (db: Database.Database) =>
  new RowStream<ForwardRow>(
    db,
    { table: 'forward', key: 'ratingId', columns: 'ratingId, state' },
    (row) => ({ ratingId: row[1] as string, state: row[2] as string }),
    (row) => row.ratingId,
  );

/** Columns of a service that are not as the entries say. Those that no entry tells of are not looked at. */
export function serviceDifferences(expected: ExpectedService, row: ServiceRow, orderIsKnown: boolean): string[] {
  const wrong: string[] = [];
  const compare = (column: keyof ServiceRow, said: unknown) => {
    if (row[column] !== said) wrong.push(column);
  };
  compare('terminal', expected.terminal);
  compare('caseNo', expected.caseNo);
  compare('stage', expected.stage);
  compare('origin', expected.origin);
  compare('ratingId', expected.standing);
  if (row.matter !== null || expected.matter !== '') if (rowMatter(row) !== expected.matter) wrong.push('matter');
  if (rowMore(row) !== expected.more) wrong.push('what it stands for');
  if (!orderIsKnown) return wrong;
  if (expected.window !== undefined) compare('window', expected.window);
  compare('staffNo', expected.staffNo);
  // Rows of before the days were kept do not say it.
  if (expected.dutyStaffNo !== undefined && row.daysFrom !== null) compare('dutyStaffNo', expected.dutyStaffNo);
  compare('openedAt', expected.openedAt);
  // A terminal that said yes to a request opened it, before its log tells so.
  if (expected.state !== 'requested' || row.state !== 'open') compare('state', expected.state);
  compare('closedAt', expected.closedAt);
  compare('endCause', expected.endCause);
  return wrong;
}

function rowMatter({ matter }: ServiceRow): string {
  try {
    return matter === null ? '' : matterText(JSON.parse(matter));
  } catch {
    return '?';
  }
}

function rowMore({ more }: ServiceRow): string {
  return more === null ? '' : moreText(JSON.parse(more));
}

export function pressDifferences(serviceId: string, expected: ExpectedPress, row: PressRow): string[] {
  const wrong: string[] = [];
  if (row.serviceId !== serviceId) wrong.push('serviceId');
  if (row.level !== expected.level) wrong.push('level');
  if (row.at !== expected.at) wrong.push('at');
  if (row.bootId !== expected.bootId) wrong.push('bootId');
  if (row.monoMs !== expected.monoMs) wrong.push('monoMs');
  if (row.entryId !== expected.entryId) wrong.push('entryId');
  return wrong;
}

/** What is said beside the level of presses: it may be told long after the press. */
export function moreDifferences(expected: ExpectedService['presses'], rows: ReadonlyMap<string, PressRow>): string[] {
  const wrong: string[] = [];
  for (const { pressId, reasons, marks } of expected.values()) {
    const row = rows.get(pressId);
    if (row === undefined) continue;
    if (row.reasons !== reasons) wrong.push(`reasons of press ${pressId}`);
    // A database of before has no such column.
    if ((row.marks ?? null) !== (marks ?? null)) wrong.push(`marks of press ${pressId}`);
  }
  return wrong;
}

export function actDifferences(serviceId: string, expected: ExpectedAct, row: RatingRow): string[] {
  const wrong: string[] = [];
  if (row.serviceId !== serviceId) wrong.push('serviceId');
  if (row.level !== expected.level) wrong.push('level');
  if (row.channel !== expected.channel) wrong.push('channel');
  if (row.cause !== expected.cause) wrong.push('cause');
  if (row.at !== expected.at) wrong.push('at');
  if (row.entryId !== expected.entryId) wrong.push('entryId');
  return wrong;
}

/** What the entries said so far of a service whose record is not kept in memory: its rows, which were found to agree. */
export function fromRows(
  row: ServiceRow,
  presses: readonly PressRow[],
  acts: { readonly standing: string | null; readonly displaced: readonly string[]; readonly aside: readonly string[] },
): ExpectedService {
  const { serviceId, terminal, caseNo, stage, origin, window, staffNo, openedAt, closedAt, endCause } = row;
  return {
    serviceId,
    terminal,
    caseNo,
    stage,
    matter: rowMatter(row),
    more: rowMore(row),
    origin,
    window,
    staffNo,
    dutyStaffNo: row.dutyStaffNo,
    openedAt,
    state: row.state === 'closed' ? 'closed' : row.state === 'requested' ? 'requested' : 'open',
    closedAt,
    endCause,
    presses: new Map(presses.map((press) => [press.pressId, { ...press }])),
    acts: new Set([...(acts.standing === null ? [] : [acts.standing]), ...acts.displaced, ...acts.aside]),
    isRated: acts.standing !== null || acts.displaced.length > 0,
    standing: acts.standing,
  };
}
