/** What a pass names, and what of it is known: the service, the act that counts of it, and whoever made which act. */
import { isoDate } from '../core/hall-calendar.js';
import { provisionalServiceId } from '../core/provisional-id.js';
import type { KnownClaim } from '../registry/receipt-keys.js';
import type { CodeClaim } from '../services/named-services.js';
import { keptQuery } from '../store/kept-query.js';
import type { ServiceTable } from '../store/schema.js';
import type { Db } from '../store/store.js';

/** A receipt's code names a service of its terminal; the pass of a window's code any that was looked up for it. */
export type Named =
  | { readonly by: 'receipt'; readonly reference: string; readonly claim: KnownClaim }
  | { readonly by: 'window'; readonly reference: string };

const DAY_MS = 86_400_000;

/** What a code says of a service that no log has told of. */
export function claimOf({ terminal, serviceReference, dayMs }: KnownClaim): CodeClaim {
  return { terminal, reference: serviceReference, day: isoDate(Math.floor(dayMs / DAY_MS)) };
}

/** What the page has to know of a service. */
const SERVICE = [
  'serviceId',
  'terminal',
  'matter',
  'cases',
  'form',
  'window',
  'stage',
  'openedAt',
  'requestedAt',
  'daysFrom',
  'expiredAt',
  'takenBackAt',
] as const satisfies readonly (keyof ServiceTable)[];

export type KnownService = Pick<ServiceTable, (typeof SERVICE)[number]>;

const byReference = keptQuery((db, reference: string) =>
  db.selectFrom('service').select(SERVICE).where('reference', '=', reference),
);

/** The service as a log, or the business system, told of it; null before. */
export async function serviceOf(db: Db, named: Named): Promise<KnownService | null> {
  let first: KnownService | null = null;
  for (const one of await byReference(db, named.reference)) {
    const isNamed = named.by === 'window' || one.terminal === named.claim.terminal;
    if (isNamed && (first === null || one.serviceId < first.serviceId)) first = one;
  }
  return first;
}

/** Under which its acts stand while no log has told of it. */
export function nameOf(named: Named): string {
  return named.by === 'receipt' ? provisionalServiceId(claimOf(named.claim)) : '';
}

/** Start of the day that a code says, ms since 1970, UTC. */
export function dayMsOf(named: Named): number {
  return named.by === 'receipt' ? named.claim.dayMs : 0;
}

const windowOfTerminal = keptQuery((db, terminal: string) =>
  db.selectFrom('terminal').select('window').where('terminal', '=', terminal),
);

/** The window at which the terminal of a code stands. */
export async function windowOf(db: Db, named: Named): Promise<string | null> {
  if (named.by !== 'receipt') return null;
  const [row] = await windowOfTerminal(db, named.claim.terminal);
  return row?.window ?? null;
}

export interface StandingAct {
  readonly ratingId: string;
  readonly at: number;
  readonly channel: string;
  /** Somebody of whom nobody knows whether they were served is no reason to turn away the one who holds the slip. */
  readonly isVerified: boolean;
}

const actThatCounts = keptQuery((db, serviceId: string) =>
  db.selectFrom('rating').select(['ratingId', 'at', 'channel', 'verified']).where('serviceId', '=', serviceId),
);

/** The act that counts of a service. */
export async function standingAct(db: Db, serviceId: string): Promise<StandingAct | null> {
  const [row] = await actThatCounts(db, serviceId);
  if (row === undefined) return null;
  const { verified, ...act } = row;
  return { ...act, isVerified: verified !== 0 };
}

const codeOfAside = keptQuery((db, ratingId: string, serviceId: string) =>
  db.selectFrom('aside').select('code').where('ratingId', '=', ratingId).where('serviceId', '=', serviceId),
);

/** Why an act of a service is kept aside; null where it counts, or there is none of that id. */
export async function asideCode(db: Db, serviceId: string, ratingId: string): Promise<string | null> {
  const [row] = await codeOfAside(db, ratingId, serviceId);
  return row?.code ?? null;
}
