/**
 * The auditor: compares what citizens were told with the terminals' logs, the gateway's log and the centre's ledger.
 * Once each, in order, with the same level. It shares no code with the programs (a test sees to that).
 */
import type { Findings, Seen } from '../fault-class.js';
import {
  readCentre,
  readGatewayLog,
  readSetAside,
  readTerminalLog,
  type HeldRating,
  type ReadChain,
} from './log-files.js';

export interface AuditInput {
  /** In the order in which each terminal was pressed. */
  readonly seen: readonly Seen[];
  /** Every log that a terminal of this name had (an exchanged card as well). */
  readonly terminals: readonly { readonly name: string; readonly files: readonly string[] }[];
  /** The gateway's databases; the first is the one that counts. */
  readonly gateway: readonly [string, ...string[]];
  readonly centre: string;
  readonly hall?: string;
}

/** A press as a log has it. */
interface LoggedPress {
  readonly id: string;
  readonly level: number;
  readonly epoch: string;
  readonly seq: number;
}

type Presses = ReadonlyMap<string, readonly LoggedPress[]>;

export function audit({ seen, terminals, gateway, centre, hall = 'demo' }: AuditInput): Findings {
  const logs = terminals.flatMap(({ name, files }) =>
    files.flatMap((file) => readTerminalLog(file, `${hall}/${name}`).map((chain) => ({ chain, file }))),
  );
  const [standing, ...former] = gateway;
  const stored = readGatewayLog(standing);
  const older = former.flatMap((file) => readGatewayLog(file));
  const places: Places = {
    terminals: pressesOf(logs.map(({ chain }) => chain)),
    gateway: pressesOf(stored.filter(({ source }) => !isGateway(source))),
    centre: byService(readCentre(centre)),
    letGo: logs.some(({ chain }) => chain.prunedSeq > 0),
    gapped: new Set(gapsOf(stored).map(({ source }) => String(source).replace(`${hall}/`, ''))),
  };
  const judged = seen.map((one) => judge(one, places));
  const known = new Set(seen.map(({ serviceId }) => serviceId));
  const of = (what: Verdict['what']) => judged.filter((one) => one?.what === what).map((one) => one?.why ?? '');
  return {
    accepted: seen.filter(({ outcome }) => outcome === 'accepted').length,
    refused: seen.filter(({ outcome }) => outcome === 'refused').length,
    unknown: seen.filter(({ outcome }) => outcome === 'unknown').length,
    entries: [...logs.map(({ chain }) => chain), ...stored].reduce((sum, { entries }) => sum + entries.length, 0),
    lost: of('lost'),
    doubled: of('doubled'),
    wrong: of('wrong'),
    disordered: disordered(seen, [...logs.map(({ chain }) => chain), ...stored]),
    unexplained: [
      ...[...places.centre.keys()].filter((id) => !known.has(id)).map((id) => `${id} at the centre: nobody pressed`),
      ...gatewayFaults(stored),
      ...gatewayFaults(older),
      ...terminalFaults(logs.map(({ chain }) => chain)),
      ...contradictions(
        logs.map(({ chain }) => chain),
        stored,
      ),
    ],
    named: [
      ...namedGaps(stored),
      ...namedDamage(logs.map(({ chain }) => chain)),
      ...namedLosses(logs.map(({ chain }) => chain)),
      ...readSetAside(standing),
    ],
    restored: entriesOf(
      stored.filter(({ source }) => isGateway(source)),
      'store.restored',
    ).map(({ generation, evidence }) => `generation ${String(generation)}: ${String(evidence)}`),
  };
}

interface Places {
  readonly terminals: Presses;
  readonly gateway: Presses;
  readonly centre: ReadonlyMap<string, readonly HeldRating[]>;
  /** Terminals have let go of entries: what is missing there says nothing. */
  readonly letGo: boolean;
  /** Terminals of which the gateway's own log names a gap. */
  readonly gapped: ReadonlySet<string>;
}

interface Verdict {
  readonly what: 'lost' | 'doubled' | 'wrong';
  readonly why: string;
}

function judge({ serviceId, level, outcome, terminal }: Seen, places: Places): Verdict | null {
  const atTerminal = places.terminals.get(serviceId) ?? [];
  const atGateway = places.gateway.get(serviceId) ?? [];
  const atCentre = places.centre.get(serviceId) ?? [];
  const anywhere = atTerminal.length + atGateway.length + atCentre.length > 0;
  const name = `${serviceId} (${terminal}, ${outcome})`;
  if (outcome === 'refused')
    return anywhere ? { what: 'wrong', why: `${name} was told "not taken", and stands all the same` } : null;
  if (outcome === 'unknown' && !anywhere) return null;
  if (atCentre.length === 0) return { what: 'lost', why: `${name} is not at the centre` };
  // In a gap that has a name; whether there may be one is the class's to say.
  const inGap = atGateway.length === 0 && places.gapped.has(terminal);
  if (atGateway.length === 0 && !inGap) return { what: 'lost', why: `${name} is not in the gateway's log` };
  if (atTerminal.length === 0 && !places.letGo) return { what: 'lost', why: `${name} is in no log of its terminal` };
  if (atCentre.length > 1) return { what: 'doubled', why: `${name} is at the centre ${atCentre.length} times` };
  const ids = new Set([...atTerminal, ...atGateway].map(({ id }) => id));
  if (ids.size > 1) return { what: 'doubled', why: `${name} stands as ${ids.size} presses` };
  const levels = new Set([...atTerminal, ...atGateway, ...atCentre].map((one) => one.level));
  if (levels.size > 1 || !levels.has(level))
    return { what: 'wrong', why: `${name} was pressed as ${level}, and stands as ${[...levels].join(' and ')}` };
  return null;
}

function pressesOf(chains: readonly ReadChain[]): Presses {
  const presses = new Map<string, LoggedPress[]>();
  for (const { epoch, entries } of chains) {
    for (const { seq, kind, body } of entries) {
      if (kind !== 'press') continue;
      const { serviceId, id, level } = body as { serviceId: string; id: string; level: number };
      presses.set(serviceId, [...(presses.get(serviceId) ?? []), { id, level, epoch, seq }]);
    }
  }
  return presses;
}

function byService(held: readonly HeldRating[]): ReadonlyMap<string, readonly HeldRating[]> {
  const services = new Map<string, HeldRating[]>();
  for (const one of held) services.set(one.serviceId, [...(services.get(one.serviceId) ?? []), one]);
  return services;
}

/** Within a chain the presses stand in the order in which they were made. */
function disordered(seen: readonly Seen[], chains: readonly ReadChain[]): string[] {
  const nth = new Map(seen.map(({ serviceId }, index) => [serviceId, index]));
  return chains.flatMap(({ source, epoch, entries }) => {
    let last = -1;
    for (const { seq, kind, body } of entries) {
      const index = kind === 'press' ? nth.get(String(body['serviceId'])) : undefined;
      if (index === undefined) continue;
      if (index < last) return [`${source} ${epoch} ${seq}: pressed before what stands before it`];
      last = index;
    }
    return [];
  });
}

/** The gateway's chains hold, and what is missing in them is named in its own log. */
function gatewayFaults(chains: readonly ReadChain[]): string[] {
  const gaps = new Set(namedGaps(chains));
  return chains.flatMap((chain) => [
    ...(chain.broken === null ? [] : [`gateway: ${chain.source} ${chain.epoch}: ${chain.broken}`]),
    ...chain.missing
      .filter(([from, through]) => !gaps.has(gapName(chain.source, chain.epoch, from, through)))
      .map(([from, through]) => `gateway: ${chain.source} ${chain.epoch}: ${from} to ${through} are missing, unnamed`),
  ]);
}

function gapsOf(chains: readonly ReadChain[]): Readonly<Record<string, unknown>>[] {
  return entriesOf(
    chains.filter(({ source }) => isGateway(source)),
    'log.gap',
  );
}

function namedGaps(chains: readonly ReadChain[]): string[] {
  return gapsOf(chains).map(({ source, epoch, fromSeq, throughSeq }) =>
    gapName(String(source), String(epoch), Number(fromSeq), Number(throughSeq)),
  );
}

const gapName = (source: string, epoch: string, from: number, through: number) =>
  `${source} ${epoch}: ${from} to ${through} exist nowhere any more`;

/** A terminal's chain may be broken only where a later one names it as damaged. */
function terminalFaults(chains: readonly ReadChain[]): string[] {
  const left = new Set(namedAncestors(chains));
  return chains
    .filter(({ epoch }) => !left.has(epoch))
    .flatMap(({ source, epoch, broken, missing }) => [
      ...(broken === null ? [] : [`terminal: ${source} ${epoch}: ${broken}`]),
      ...missing.map(([from, through]) => `terminal: ${source} ${epoch}: ${from} to ${through} are missing`),
    ]);
}

function namedDamage(chains: readonly ReadChain[]): string[] {
  const left = new Set(namedAncestors(chains));
  return chains
    .filter(({ epoch, broken, missing }) => left.has(epoch) && (broken !== null || missing.length > 0))
    .map(({ source, epoch, broken }) => `${source} ${epoch} damaged: ${broken ?? 'entries are missing'}`);
}

/** What a terminal says that it has lost, at its restart in what was left of its log. */
function namedLosses(chains: readonly ReadChain[]): string[] {
  return entriesOf(chains, 'log.gap').map(
    ({ source, epoch, fromSeq, throughSeq }) =>
      `${String(source)} ${String(epoch)}: the terminal has lost ${String(fromSeq)} to ${String(throughSeq)}`,
  );
}

/** Epochs that a later one was opened for, because this one is damaged. */
function namedAncestors(chains: readonly ReadChain[]): string[] {
  return entriesOf(chains, 'epoch')
    .filter(({ cause }) => cause === 'damaged')
    .flatMap(({ ancestor }) => (ancestor === null ? [] : [String((ancestor as { epoch: string }).epoch)]));
}

/** The same place says the same on both sides, unless the gateway's log names it: the chain was stopped or left for it. */
function contradictions(terminals: readonly ReadChain[], stored: readonly ReadChain[]): string[] {
  const here = new Map<string, Buffer>();
  for (const { source, epoch, entries, broken } of terminals)
    if (broken === null) for (const { seq, bytes } of entries) here.set(`${source} ${epoch} ${seq}`, bytes);
  const left = new Set(
    entriesOf(stored, 'epoch')
      .filter(({ cause }) => cause === 'fork' || cause === 'stopped')
      .flatMap(({ ancestor }) => (ancestor === null ? [] : [(ancestor as { epoch: string }).epoch])),
  );
  return stored
    .filter(({ stopped, epoch }) => !stopped && !left.has(epoch))
    .flatMap(({ source, epoch, entries }) => {
      const other = entries.find(({ seq, bytes }) => here.get(`${source} ${epoch} ${seq}`)?.equals(bytes) === false);
      return other === undefined ? [] : [`${source} ${epoch} ${other.seq}: terminal and gateway have two entries`];
    });
}

function entriesOf(chains: readonly ReadChain[], kind: string): Readonly<Record<string, unknown>>[] {
  return chains.flatMap(({ entries }) => entries.filter((entry) => entry.kind === kind).map(({ body }) => body));
}

const isGateway = (source: string) => source.includes('/@');
