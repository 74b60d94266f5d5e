/** The services that acts are of: those that a log has told of, or those of which only a receipt's code is known. */
import { isProvisionalId, provisionalServiceId, type CodedService } from '../core/provisional-id.js';
import { selectMany } from '../store/bulk.js';
import type { Trx } from '../store/store.js';

/** What a verified code says of its service. */
export interface CodeClaim extends CodedService {
  /** yyyy-mm-dd, of the code's day. */
  readonly day: string;
}

/** What is rated: a service that is known, or what a receipt's code says of one, known or not. */
export type Rated = { readonly serviceId: string } | { readonly provisional: CodeClaim };

export interface NamedService {
  /** Under which its acts stand now: the service, or while no log tells of it the name of its code. */
  readonly serviceId: string;
  /** Neither is it known, nor was its code used before. */
  readonly isNew: boolean;
}

/**
 * What each of some acts is of; null where there is no such service. A code speaks of a service of its own terminal only:
 * the same reference at another terminal is another service.
 */
export async function namedServices(trx: Trx, rated: readonly Rated[]): Promise<readonly (NamedService | null)[]> {
  const claims = rated.flatMap((one) => ('provisional' in one ? [one.provisional] : []));
  const ids = rated.flatMap((one) => ('serviceId' in one ? [one.serviceId] : []));
  const ofCodes = await servicesOfCodes(trx, claims);
  const codesOnly = claims.map(provisionalServiceId).filter((name) => !ofCodes.has(name));
  const provisionals = await provisionalsOf(trx, [...codesOnly, ...ids.filter(isProvisionalId)]);
  const services = await servicesOf(
    trx,
    ids.filter((id) => !isProvisionalId(id)),
  );
  return rated.map((one) => {
    if ('provisional' in one) {
      const name = provisionalServiceId(one.provisional);
      const known = ofCodes.get(name);
      return known === undefined
        ? { serviceId: name, isNew: !provisionals.has(name) }
        : { serviceId: known, isNew: false };
    }
    const { serviceId } = one;
    const standing = services.has(serviceId) ? serviceId : (provisionals.get(serviceId) ?? null);
    return standing === null ? null : { serviceId: standing, isNew: false };
  });
}

/** Of codes whose service a log has told of: that service, by the name under which the code's acts would stand. */
async function servicesOfCodes(trx: Trx, claims: readonly CodedService[]): Promise<ReadonlyMap<string, string>> {
  const columns = ['serviceId', 'terminal', 'reference'] as const;
  const references = keys(claims.map(({ reference }) => reference));
  const found = new Map<string, string>();
  for (const { serviceId, terminal, reference } of await selectMany(
    trx,
    'service',
    columns,
    ['reference'],
    references,
  )) {
    const name = provisionalServiceId({ terminal, reference: reference ?? '' });
    const known = found.get(name);
    if (known === undefined || serviceId < known) found.set(name, serviceId);
  }
  return found;
}

/** Under which the acts of those that are known by their codes stand now. */
async function provisionalsOf(trx: Trx, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await selectMany(trx, 'provisional', ['serviceId', 'resolvedTo'], ['serviceId'], keys(names));
  return new Map(rows.map(({ serviceId, resolvedTo }) => [serviceId, resolvedTo ?? serviceId]));
}

async function servicesOf(trx: Trx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await selectMany(trx, 'service', ['serviceId'], ['serviceId'], keys(ids));
  return new Set(rows.map(({ serviceId }) => serviceId));
}

function keys(ids: readonly string[]): [string][] {
  return Array.from(new Set(ids), (id) => [id]);
}
