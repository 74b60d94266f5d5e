/** `pjq verify` and `pjq heads`: the proof of a database, and the heads that a report rests on. */
import type { Command } from 'commander';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { headsOf, headText, parseHead, readHeadsFile } from '../verify/heads.js';
import { verifyFile, type NamedHead, type VerifyReport } from '../verify/verify-file.js';
import { say } from './with-hall.js';

interface VerifyOptions {
  readonly publicKey?: string[];
  readonly source?: string;
  readonly head?: string[];
  readonly headsFile?: string;
  readonly tables: boolean;
  readonly json?: boolean;
}

export function verifyCommands(program: Command): void {
  program
    .command('verify <database>')
    .description(
      "walk the chains of a terminal's log, a gateway's database or a backup of either, and compare the tables with them",
    )
    .option('--public-key <key...>', 'further keys to check signatures with, raw Ed25519, base64url')
    .option('--source <source>', "hall/terminal, when the database is a terminal's")
    .option('--head <head...>', 'a head that was kept elsewhere, SOURCE:EPOCH:SEQ:HASH')
    .option('--heads-file <file>', 'heads that were kept elsewhere, as `pjq heads` prints them')
    .option('--no-tables', 'the chains alone, not the tables from which figures are read')
    .option('--json', 'the report as JSON')
    .action((database: string, options: VerifyOptions) => {
      const heads: NamedHead[] = (options.head ?? []).map(parseHead);
      if (options.headsFile !== undefined) heads.push(...readHeadsFile(options.headsFile));
      const report = verifyFile(database, {
        suite: nodeSuite,
        publicKeys: options.publicKey ?? [],
        source: options.source,
        heads,
        tables: options.tables,
      });
      if (options.json === true) say(JSON.stringify(report));
      else for (const line of inWords(report)) say(line);
      if (!report.ok) process.exitCode = 1;
    });
  program
    .command('heads <database>')
    .description(
      'print the heads of all chains with their signatures: kept elsewhere, they show later what was changed',
    )
    .option('--json', 'as JSON')
    .action((database: string, options: { json?: boolean }) => {
      const heads = headsOf(database, nodeSuite);
      if (options.json === true) say(JSON.stringify(heads));
      else for (const head of heads) say(`${headText(head)} ${head.keyId ?? '-'} ${head.signature ?? '-'}`);
    });
}

function inWords({ ok, chains, entries, projections, faults, notes }: VerifyReport): string[] {
  return [
    ...chains.map(
      (chain) =>
        `${chain.ok ? 'ok' : 'BROKEN'}\t${chain.source} ${chain.epoch}\t${chain.entries} entries\thead ${chain.headHash}\t${chain.verdict}`,
    ),
    ...(projections === null
      ? []
      : [
          `tables\t${projections.services} services, ${projections.presses} presses, ${projections.ratings} ratings compared with their entries`,
          ...Object.entries(projections.setAside).map(([code, total]) => `set aside\t${total} entries as ${code}`),
        ]),
    ...notes.map((note) => `note\t${note}`),
    ...faults.map((fault) => `FAULT\t${fault}`),
    ok ? `verified: ${chains.length} chains, ${entries} entries` : 'NOT VERIFIED',
  ];
}
