/**
 * What entries say of a service: a second reading of the rules by which the gateway writes its tables, made of the
 * rules and not of that code, so that the two check each other. Pure.
 */
import { areReasonsOf, REASONS_VERSION, type ErrorCode } from '../../../protocol/index.js';
import { textOf, textOrNull, type LooseEntry } from './loose-entry.js';

export interface ExpectedPress {
  readonly pressId: string;
  readonly level: number;
  readonly at: number;
  readonly bootId: string;
  readonly monoMs: number;
  readonly entryId: number;
  reasons: string | null;
}

export interface ExpectedRating {
  readonly ratingId: string;
  readonly level: number;
  readonly cause: string;
  readonly at: number;
  readonly entryId: number;
}

export interface ExpectedService {
  readonly serviceId: string;
  readonly terminal: string;
  readonly caseNo: string;
  readonly stage: string;
  readonly matter: string;
  readonly origin: string;
  /** `undefined`: nothing in a log says it. */
  window: string | null | undefined;
  staffNo: string | null;
  openedAt: number | null;
  state: 'requested' | 'open' | 'closed';
  closedAt: number | null;
  endCause: string | null;
  readonly presses: Map<string, ExpectedPress>;
  rating: ExpectedRating | null;
}

/** Kinds that make a service or say something of one. */
export const SERVICE_KINDS: ReadonlySet<string> = new Set([
  'service.requested',
  'service.opened',
  'service.closed',
  'press',
  'reasons',
  'rating',
  'unrated',
]);

/** A new record by an entry that opens one; `null` where the entry opens none. */
export function opened(entry: LooseEntry, terminal: string): ExpectedService | null {
  const requested = entry.kind === 'service.requested' && terminal === '';
  if (!requested && entry.kind !== 'service.opened') return null;
  const { body } = entry;
  return {
    serviceId: textOf(body, 'serviceId'),
    terminal: requested ? textOf(body, 'terminal') : terminal,
    caseNo: textOf(body, 'caseNo'),
    stage: textOf(body, 'stage'),
    matter: matterText(body['matter']),
    origin: requested ? 'command' : textOf(body, 'origin'),
    window: requested ? undefined : textOrNull(body, 'window'),
    staffNo: requested ? null : textOrNull(body, 'staffNo'),
    openedAt: requested ? null : entry.at,
    state: requested ? 'requested' : 'open',
    closedAt: null,
    endCause: null,
    presses: new Map(),
    rating: null,
  };
}

/** 事项 by its parts, whatever their order. */
export function matterText(matter: unknown): string {
  if (typeof matter !== 'object' || matter === null) return '';
  const { code, name, label } = matter as { code?: unknown; name?: unknown; label?: unknown };
  return JSON.stringify([code, name, label]);
}

/** Carries an entry out on the service that it names. @returns the code for which it is to be set aside, or `null`. */
export function carryOut(
  service: ExpectedService,
  entry: LooseEntry,
  entryId: number,
  terminal: string,
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
      return giveReasons(service, body);
    case 'rating':
      return rate(service, entry, entryId);
    case 'unrated':
      if (service.rating === null) close(service, entry.at, textOf(body, 'cause'));
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
    });
  return null;
}

/** The last that was said of a press counts. */
function giveReasons(service: ExpectedService, body: LooseEntry['body']): ErrorCode | null {
  const of = service.presses.get(textOf(body, 'pressId'));
  if (of === undefined) return 'press-unknown';
  const codes = body['codes'] as readonly string[];
  if (body['list'] === REASONS_VERSION && !areReasonsOf(of.level, codes)) return 'reason-unknown';
  of.reasons = codes.length === 0 ? null : JSON.stringify(codes);
  return null;
}

function rate(service: ExpectedService, { body, at }: LooseEntry, entryId: number): ErrorCode | null {
  const ratingId = textOf(body, 'id');
  if (service.rating !== null && service.rating.ratingId !== ratingId) return 'service-already-rated';
  const of = service.presses.get(ratingId);
  if (of === undefined) return 'press-unknown';
  if (of.level !== body['level']) return 'rating-contradicts-press';
  if (body['reasons'] !== undefined && of.reasons !== JSON.stringify(body['reasons']))
    return 'rating-contradicts-press';
  if (service.rating !== null) return null;
  const cause = textOf(body, 'cause');
  service.rating = { ratingId, level: of.level, cause, at: of.at, entryId };
  close(service, at, cause);
  return null;
}

function close(service: ExpectedService, at: number, cause: string): void {
  service.state = 'closed';
  service.closedAt = at;
  service.endCause = cause;
}
