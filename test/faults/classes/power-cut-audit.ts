/** What a disk must have after a power cut: everything that was acknowledged before, once, in a chain that holds. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { readGatewayLog, readTerminalLog, type ReadChain } from '../audit/log-files.js';
import { NOTHING_FOUND, type Findings, type Seen } from '../fault-class.js';
import { openTerminalLog } from '../tools/logs-under-test.js';

/** What the gateway told a terminal that it has. */
export interface Promised {
  readonly source: string;
  readonly epoch: string;
  readonly throughSeq: number;
}

/**
 * @param cut the terminal's data as the disk has it.
 * @param seen presses of it that were accepted before the cut.
 */
export async function terminalAfterCut(
  root: string,
  cut: string,
  name: string,
  seen: readonly Seen[],
): Promise<Findings> {
  const file = join(cut, 'log.db');
  const found: string[] = [];
  // The program first: what it makes of the disk is what goes on.
  const log = await openTerminalLog(root, file, `demo/${name}`);
  if (log.damaged !== null) found.push(`${name}: the program says that its log is damaged: ${log.damaged}`);
  log.close();
  const chains = readTerminalLog(file, `demo/${name}`);
  const presses = pressesOf(chains);
  return {
    ...NOTHING_FOUND,
    entries: entriesOf(chains),
    lost: seen.flatMap(({ serviceId, level }) =>
      presses.get(serviceId)?.some((one) => one === level) === true
        ? []
        : [`${serviceId} (${name}) was accepted before the cut, and is not on the disk after it`],
    ),
    unexplained: [...found, ...brokenChains(chains)],
  };
}

/** What the terminal was told, from its own log while it runs. */
export function promisedByGateway(name: string, dataDir: string): Promised[] {
  const db = new Database(join(dataDir, 'log.db'), { readonly: true });
  try {
    const rows = db.prepare('SELECT epoch, promise FROM epoch WHERE promise IS NOT NULL').all() as {
      epoch: string;
      promise: string;
    }[];
    return rows.map(({ epoch, promise }) => ({
      source: `demo/${name}`,
      epoch,
      throughSeq: (JSON.parse(promise) as { throughSeq: number }).throughSeq,
    }));
  } finally {
    db.close();
  }
}

/**
 * @param cut the gateway's data as the disk has it.
 * @param delivered services whose rating the centre had before the cut.
 */
export function gatewayAfterCut(cut: string, promised: readonly Promised[], delivered: readonly string[]): Findings {
  const chains = readGatewayLog(join(cut, 'hall.db'));
  const presses = pressesOf(chains);
  return {
    ...NOTHING_FOUND,
    entries: entriesOf(chains),
    lost: [
      ...promised.flatMap(({ source, epoch, throughSeq }) => {
        const chain = chains.find((one) => one.source === source && one.epoch === epoch);
        const has = chain?.entries.at(-1)?.seq ?? 0;
        return has >= throughSeq
          ? []
          : [`the gateway had promised ${source} ${epoch} through ${throughSeq}, and has ${has} after the cut`];
      }),
      ...delivered
        .filter((serviceId) => !presses.has(serviceId))
        .map((serviceId) => `${serviceId} was at the centre before the cut, and is not on the gateway's disk after it`),
    ],
    unexplained: brokenChains(chains),
  };
}

function pressesOf(chains: readonly ReadChain[]): ReadonlyMap<string, readonly number[]> {
  const presses = new Map<string, number[]>();
  for (const { entries } of chains)
    for (const { kind, body } of entries) {
      if (kind !== 'press') continue;
      const { serviceId, level } = body as { serviceId: string; level: number };
      presses.set(serviceId, [...(presses.get(serviceId) ?? []), level]);
    }
  return presses;
}

function brokenChains(chains: readonly ReadChain[]): string[] {
  return chains.flatMap(({ source, epoch, broken, missing }) => [
    ...(broken === null ? [] : [`${source} ${epoch} after the cut: ${broken}`]),
    ...missing.map(([from, through]) => `${source} ${epoch} after the cut: ${from} to ${through} are missing`),
  ]);
}

function entriesOf(chains: readonly ReadChain[]): number {
  return chains.reduce((sum, { entries }) => sum + entries.length, 0);
}
