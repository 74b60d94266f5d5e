/**
 * The one way from entries that stand in the log to what they mean: arrival, quarantine's retry, grace, repair.
 * Written in the transaction of the entries themselves, so that projections are exact. An entry whose meaning is
 * unknown or wrong stays in the log and is set aside with its code.
 */
import {
  isPjqError,
  PjqError,
  serviceReferenceOf,
  type EntryBody,
  type EntryKind,
  type Suite,
} from '../../protocol/index.js';
import type { Trx } from '../store/store.js';
import type { Placed, ProjectRules } from './placed.js';
import { projectEntry } from './project-entry.js';
import { Projection } from './projection.js';
import { readLinked, type LinkedEntry } from './read-linked.js';

export type { LinkedEntry } from './read-linked.js';
export type { ProjectRules } from './placed.js';

export interface ProjectParts {
  readonly suite: Suite;
  readonly nowMs: number;
  /** Of the hall's policy; where they are not known, no act of rating is too late and every stage opens one. */
  readonly rules?: ProjectRules | undefined;
}

/**
 * Projects entries, in the order given, within the caller's transaction; what means nothing is set aside.
 * @param linked in the order of each log; may be of many logs.
 * @returns the codes of what was set aside.
 */
export async function projectEntries(
  trx: Trx,
  { suite, nowMs, rules }: ProjectParts,
  linked: readonly LinkedEntry[],
): Promise<readonly string[]> {
  if (linked.length === 0) return [];
  const read = linked.map((entry) => readLinked(suite, entry));
  const projection = new Projection();
  await load(trx, suite, projection, linked, read);
  const codes: string[] = [];
  read.forEach((one, index) => {
    const { entryId, source, heard } = linked[index] as LinkedEntry;
    if (heard !== undefined) projection.times.learn(source, heard);
    try {
      if (one instanceof PjqError) throw one;
      projectEntry(projection, { nowMs, rules, suite }, one);
    } catch (error) {
      if (!isPjqError(error)) throw error;
      codes.push(error.code);
      projection.setAside({ entryId, code: error.code, detail: (error.detail ?? '').slice(0, 300), at: nowMs });
    }
  });
  await projection.write(trx);
  return codes;
}

/** Loads whatever these entries name. */
async function load(
  trx: Trx,
  suite: Suite,
  projection: Projection,
  linked: readonly LinkedEntry[],
  read: readonly (Placed | PjqError)[],
): Promise<void> {
  const services = new Set<string>();
  const presses = new Set<string>();
  const acts = new Set<string>();
  const duties = new Set<string>();
  const openings = new Map<string, string>();
  const lists = new Set<string>();
  const parts = new Map<string, readonly [string, string]>();
  const boots: [source: string, bootId: string][] = [];
  const bootsOfPress = new Map<string, string[]>();
  const ratings: [source: string, pressId: string][] = [];
  for (const one of read) {
    if (one instanceof PjqError) continue;
    const { entry, terminal } = one;
    if (is(one, 'service.opened')) {
      services.add(one.body.serviceId);
      duties.add(terminal);
      openings.set(one.body.serviceId, terminal);
      boots.push([entry.source, entry.bootId]);
    } else if (is(one, 'press')) {
      services.add(one.body.serviceId);
      presses.add(one.body.id);
      const known = bootsOfPress.get(one.body.id);
      if (known === undefined) bootsOfPress.set(one.body.id, [entry.bootId]);
      else known.push(entry.bootId);
    } else if (is(one, 'reasons')) {
      services.add(one.body.serviceId);
      presses.add(one.body.pressId);
      lists.add(one.body.list);
    } else if (is(one, 'rating')) {
      services.add(one.body.serviceId);
      acts.add(one.body.serviceId);
      presses.add(one.body.id);
      ratings.push([one.body.provenance?.source ?? entry.source, one.body.id]);
    } else if (is(one, 'unrated') || is(one, 'rating.made')) {
      services.add(one.body.serviceId);
      acts.add(one.body.serviceId);
    } else if (is(one, 'service.expired') || is(one, 'service.provisional')) services.add(one.body.serviceId);
    else if (is(one, 'fault')) parts.set(`${terminal} ${one.body.part}`, [terminal, one.body.part]);
  }
  const referenceOf = (serviceId: string) => serviceReferenceOf(suite, serviceId);
  await projection.load(trx, { services, presses, parts, acts, duties, openings, referenceOf });
  await projection.lists.load(trx, lists);
  for (const { source, heard } of linked) if (heard !== undefined) boots.push([source, heard.claim.bootId]);
  for (const [source, pressId] of ratings) {
    const known = projection.press(pressId)?.bootId;
    for (const bootId of known === undefined ? (bootsOfPress.get(pressId) ?? []) : [known])
      boots.push([source, bootId]);
  }
  await projection.times.load(trx, boots);
}

function is<K extends EntryKind>(placed: Placed, kind: K): placed is Placed<K> & { readonly body: EntryBody<K> } {
  return placed.kind === kind;
}
