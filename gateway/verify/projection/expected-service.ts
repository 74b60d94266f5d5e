/**
 * What entries say of a service: a second reading of the rules by which the gateway writes its tables, made of the
 * rules and not of that code, so that the two check each other. Pure.
 */
import { areReasonsOf, type ErrorCode } from '../../../protocol/index.js';
import { textOf, textOrNull, type LooseEntry } from './loose-entry.js';

export interface ExpectedPress {
  readonly pressId: string;
  readonly level: number;
  readonly at: number;
  readonly bootId: string;
  readonly monoMs: number;
  readonly entryId: number;
  reasons: string | null;
  marks: string | null;
}

/** Somebody rated the service. */
export interface ExpectedAct {
  readonly ratingId: string;
  readonly level: number;
  readonly channel: string;
  readonly cause: string;
  readonly at: number;
  readonly entryId: number;
  /** What only an act says that came to the gateway itself. */
  readonly offSite: OffSite | null;
}

export interface OffSite {
  readonly verified: number;
  readonly reasons: string | null;
  readonly text: string | null;
  readonly marks: string | null;
  /** The act that it says it changes. */
  readonly replaces: string | null;
}

/**
 * Where the tables have an act: it `stands`; it stood until another was found to come first; it never counted; or it is
 * nowhere. Which of them is right, the order of the acts tells; here it only tells what else its entry did.
 */
export type Fate = 'stands' | 'displaced' | 'aside' | 'lost';

export interface ExpectedService {
  readonly serviceId: string;
  readonly terminal: string;
  readonly caseNo: string;
  readonly stage: string;
  readonly matter: string;
  /** Form, cases, follow-up and attribution as one text; empty where nothing is said of them. */
  readonly more: string;
  readonly origin: string;
  /** `undefined`: nothing in a log says it. */
  window: string | null | undefined;
  staffNo: string | null;
  /** Who was signed on at the terminal when its opening was first told; `undefined`: nothing in a log says it. */
  dutyStaffNo: string | null | undefined;
  openedAt: number | null;
  state: 'requested' | 'open' | 'closed';
  closedAt: number | null;
  endCause: string | null;
  readonly presses: Map<string, ExpectedPress>;
  /** Ids of its acts of rating. */
  readonly acts: Set<string>;
  /** One of them counted when it came. */
  isRated: boolean;
  /** The one that counts. */
  standing: string | null;
}

/** The reasons of a list, as far as the hall had it when the entry came. */
export type ReasonsOf = (list: string) => readonly { readonly code: string }[] | undefined;

/** Kinds that make a service or say something of one. */
export const SERVICE_KINDS: ReadonlySet<string> = new Set([
  'service.requested',
  'service.opened',
  'service.closed',
  'press',
  'reasons',
  'rating',
  'unrated',
  'rating.made',
]);

/**
 * A new record by an entry that opens one; `null` where the entry opens none.
 * @param duty who is signed on at its terminal.
 */
export function opened(
  entry: LooseEntry,
  terminal: string,
  duty: ExpectedService['dutyStaffNo'],
): ExpectedService | null {
  const requested = entry.kind === 'service.requested' && terminal === '';
  if (!requested && entry.kind !== 'service.opened') return null;
  const { body } = entry;
  return {
    serviceId: textOf(body, 'serviceId'),
    terminal: requested ? textOf(body, 'terminal') : terminal,
    caseNo: textOf(body, 'caseNo'),
    stage: textOf(body, 'stage'),
    matter: matterText(body['matter']),
    more: requested ? moreText(body['more']) : '',
    origin: requested ? 'command' : textOf(body, 'origin'),
    window: requested ? undefined : textOrNull(body, 'window'),
    staffNo: requested ? null : textOrNull(body, 'staffNo'),
    dutyStaffNo: requested ? null : duty,
    openedAt: requested ? null : entry.at,
    state: requested ? 'requested' : 'open',
    closedAt: null,
    endCause: null,
    presses: new Map(),
    acts: new Set(),
    isRated: false,
    standing: null,
  };
}

/** What a service stands for, by its parts, whatever their order; empty where it says none. */
export function moreText(more: unknown): string {
  if (typeof more !== 'object' || more === null) return '';
  const { form, cases, assessNumber, followsUp, attributedTo, department } = more as Readonly<Record<string, unknown>>;
  const each = Array.isArray(cases)
    ? (cases as readonly { caseNo?: unknown; matter?: unknown }[]).map((one) => [one.caseNo, matterText(one.matter)])
    : null;
  const parts = [form, each, assessNumber, followsUp, attributedTo, department].map((part) => part ?? null);
  return parts.every((part) => part === null) ? '' : JSON.stringify(parts);
}

/** Levels of single things by their parts, whatever their order; `null` where there are none. */
function marksText(marks: unknown): string | null {
  if (!Array.isArray(marks)) return null;
  const all = marks as readonly { of?: unknown; code?: unknown; level?: unknown }[];
  return JSON.stringify(all.map(({ of, code, level }) => ({ of, code, level })));
}

/** 事项 by its parts, whatever their order. */
export function matterText(matter: unknown): string {
  if (typeof matter !== 'object' || matter === null) return '';
  const { code, name, label } = matter as { code?: unknown; name?: unknown; label?: unknown };
  return JSON.stringify([code, name, label]);
}

/**
 * Carries an entry out on the service that it names.
 * @param fateOf asked once for each act.
 * @returns the code for which it is to be set aside, or `null`.
 */
export function carryOut(
  service: ExpectedService,
  entry: LooseEntry,
  entryId: number,
  terminal: string,
  fateOf: (act: ExpectedAct) => Fate,
  reasonsOf: ReasonsOf,
): ErrorCode | null {
  const { kind, body } = entry;
  if (kind === 'service.requested') return null; // Again, with a new validity.
  if (kind === 'service.opened') return reopen(service, entry, terminal);
  if (kind === 'service.closed') return terminal === '' ? takeBack(service, entry) : null;
  if (terminal !== '' && service.terminal !== terminal) return 'wrong-terminal';
  switch (kind) {
    case 'press':
      return press(service, entry, entryId);
    case 'reasons':
      return giveReasons(service, body, reasonsOf);
    case 'rating':
      return rate(service, entry, entryId, fateOf);
    case 'rating.made':
      return terminal === '' ? rateOffSite(service, entry, entryId, fateOf) : 'wrong-terminal';
    case 'unrated':
      if (!service.isRated || service.state !== 'closed') close(service, entry.at, textOf(body, 'cause'));
      return null;
    default:
      return null;
  }
}

function reopen(service: ExpectedService, { body, at }: LooseEntry, terminal: string): ErrorCode | null {
  const same =
    service.terminal === terminal &&
    service.caseNo === textOf(body, 'caseNo') &&
    service.stage === textOf(body, 'stage');
  if (!same) return 'service-exists';
  service.window = textOrNull(body, 'window');
  service.staffNo = textOrNull(body, 'staffNo');
  service.openedAt = at;
  if (service.state === 'requested') service.state = 'open';
  return null;
}

function takeBack(service: ExpectedService, { at, body }: LooseEntry): null {
  if (service.state !== 'closed') close(service, at, textOf(body, 'cause'));
  return null;
}

function press(service: ExpectedService, { body, at, bootId, mono }: LooseEntry, entryId: number): null {
  const pressId = textOf(body, 'id');
  if (!service.presses.has(pressId))
    service.presses.set(pressId, {
      pressId,
      level: Number(body['level']),
      at,
      bootId,
      monoMs: mono,
      entryId,
      reasons: null,
      marks: null,
    });
  return null;
}

/** The last that was said of a press counts. */
function giveReasons(service: ExpectedService, body: LooseEntry['body'], reasonsOf: ReasonsOf): ErrorCode | null {
  const of = service.presses.get(textOf(body, 'pressId'));
  if (of === undefined) return 'press-unknown';
  const codes = body['codes'] as readonly string[];
  const list = reasonsOf(textOf(body, 'list'));
  if (list !== undefined && !areReasonsOf(of.level, codes, list)) return 'reason-unknown';
  of.reasons = codes.length === 0 ? null : JSON.stringify(codes);
  of.marks = marksText(body['marks']);
  return null;
}

function rate(
  service: ExpectedService,
  { body, at }: LooseEntry,
  entryId: number,
  fateOf: (act: ExpectedAct) => Fate,
): ErrorCode | null {
  const ratingId = textOf(body, 'id');
  const of = service.presses.get(ratingId);
  if (of === undefined) return 'press-unknown';
  if (of.level !== body['level']) return 'rating-contradicts-press';
  if (body['reasons'] !== undefined && of.reasons !== JSON.stringify(body['reasons']))
    return 'rating-contradicts-press';
  if (body['marks'] !== undefined && of.marks !== marksText(body['marks'])) return 'rating-contradicts-press';
  const cause = textOf(body, 'cause');
  const act = { ratingId, level: of.level, channel: 'window', cause, at: of.at, entryId, offSite: null };
  const counted = take(service, act, fateOf);
  // The session is over, whatever became of its rating.
  if (counted || service.state !== 'closed') close(service, at, cause);
  return null;
}

function rateOffSite(
  service: ExpectedService,
  { body, at }: LooseEntry,
  entryId: number,
  fateOf: (act: ExpectedAct) => Fate,
): null {
  take(service, offSiteAct({ body, at }, entryId), fateOf);
  return null;
}

/** An act that came to the gateway itself. */
export function offSiteAct({ body, at }: Pick<LooseEntry, 'body' | 'at'>, entryId: number): ExpectedAct {
  const reasons = (body['reasons'] ?? []) as readonly string[];
  return {
    ratingId: textOf(body, 'id'),
    level: Number(body['level']),
    channel: textOf(body, 'channel'),
    cause: 'off-site',
    at,
    entryId,
    offSite: {
      verified: body['verified'] === true ? 1 : 0,
      reasons: reasons.length === 0 ? null : JSON.stringify(reasons),
      text: textOrNull(body, 'text'),
      marks: body['marks'] === undefined ? null : JSON.stringify(body['marks']),
      replaces: textOrNull(body, 'replaces'),
    },
  };
}

/** @returns whether it is a new act, and counted when it came. */
function take(service: ExpectedService, act: ExpectedAct, fateOf: (act: ExpectedAct) => Fate): boolean {
  if (service.acts.has(act.ratingId)) return false;
  service.acts.add(act.ratingId);
  const fate = fateOf(act);
  if (fate === 'aside') return false;
  service.isRated = true;
  if (fate !== 'displaced') service.standing = act.ratingId;
  return true;
}

function close(service: ExpectedService, at: number, cause: string): void {
  service.state = 'closed';
  service.closedAt = at;
  service.endCause = cause;
}
