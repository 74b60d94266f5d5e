#!/usr/bin/env node
/** The operator's command line: registry, quarantine, restored stores, proof. It works beside a running gateway. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { PjqError } from '../protocol/index.js';
import { readConfiguration } from '../protocol/runtime/configuration.js';
import { nodeSuite, systemClock } from '../protocol/runtime/node-suite.js';
import { explain } from '../protocol/runtime/program.js';
import { VERSION } from '../protocol/runtime/version.js';
import { gatewayConfigurationSchema } from './configuration.js';
import { openHall } from './hall-gateway.js';
import { retryQuarantine } from './ingest/quarantine.js';
import { verifyFile } from './verify/verify-file.js';

type Hall = Awaited<ReturnType<typeof openHall>>;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Opens the hall of a configuration, works, and closes it whatever happens. */
async function withHall(options: { config: string }, work: (hall: Hall) => Promise<void>): Promise<void> {
  const hall = await openHall(readConfiguration(options.config, gatewayConfigurationSchema));
  try {
    await work(hall);
  } finally {
    await hall.store.close();
  }
}

const program = new Command('pjq').version(VERSION).description('pjq (评价器): operating a hall');
const CONFIG = ['--config <file>', "the gateway's configuration"] as const;

const terminal = program.command('terminal').description('the registry of terminals');
terminal
  .command('add <name>')
  .description('register a terminal with its log key')
  .requiredOption('--window <window>', 'the window it stands at')
  .requiredOption('--public-key <key>', 'as its `key` command prints it')
  .requiredOption(...CONFIG)
  .action((name: string, options: { window: string; publicKey: string; config: string }) =>
    withHall(options, async ({ registry }) => {
      const { keyId } = await registry.addTerminal(name, options.window, options.publicKey);
      say(`terminal ${name} at window ${options.window}, key ${keyId}`);
    }),
  );
terminal
  .command('list')
  .description('registered terminals')
  .option('--json', 'as JSON')
  .requiredOption(...CONFIG)
  .action((options: { json?: boolean; config: string }) =>
    withHall(options, async ({ registry }) => {
      const rows = (await registry.terminals()).map(({ terminal: name, window, state, duty }) => ({
        terminal: name,
        window,
        state,
        duty,
      }));
      say(
        options.json === true
          ? JSON.stringify(rows)
          : rows.map((row) => `${row.terminal}\twindow ${row.window}\t${row.state}`).join('\n'),
      );
    }),
  );
program
  .command('board')
  .description("print the address of the managers' board, with its secret")
  .requiredOption(...CONFIG)
  .action((options: { config: string }) => {
    const { http } = readConfiguration(options.config, gatewayConfigurationSchema);
    if (http.boardSecretFile === undefined)
      throw new PjqError('config-invalid', '\nhttp.boardSecretFile: is needed for a board (got nothing)');
    say(`http://${http.host}:${http.port}/board/#${readFileSync(http.boardSecretFile, 'utf8').trim()}`);
  });
const key = terminal.command('key').description('log keys of terminals');
key
  .command('add <name>')
  .description('give a terminal a further key')
  .requiredOption('--public-key <key>', 'raw Ed25519, base64url')
  .requiredOption(...CONFIG)
  .action((name: string, options: { publicKey: string; config: string }) =>
    withHall(options, async ({ registry }) => {
      say(`key ${(await registry.addKey(name, options.publicKey)).keyId}`);
    }),
  );
key
  .command('revoke <keyId>')
  .description('take nothing more that is signed with this key')
  .requiredOption(...CONFIG)
  .action((keyId: string, options: { config: string }) =>
    withHall(options, async ({ registry }) => {
      await registry.revokeKey(keyId);
      say(`key ${keyId} revoked`);
    }),
  );

const quarantine = program.command('quarantine').description('entries whose meaning was set aside');
quarantine
  .command('list')
  .requiredOption(...CONFIG)
  .action((options: { config: string }) =>
    withHall(options, async ({ store }) => {
      const rows = await store.db
        .selectFrom('quarantine')
        .innerJoin('entry', 'entry.id', 'entryId')
        .innerJoin('epoch', 'epoch.id', 'epochId')
        .select(['source', 'epoch.epoch', 'seq', 'kind', 'code', 'detail'])
        .where('resolvedAt', 'is', null)
        .orderBy('quarantine.id')
        .execute();
      for (const row of rows) say(`${row.source} ${row.epoch} ${row.seq}\t${row.kind}\t${row.code}\t${row.detail}`);
    }),
  );
quarantine
  .command('retry')
  .description('project them again')
  .requiredOption(...CONFIG)
  .action((options: { config: string }) =>
    withHall(options, async ({ store }) => {
      const { tried, resolved } = await retryQuarantine({ store, suite: nodeSuite, clock: systemClock });
      say(`${tried} tried, ${resolved} resolved`);
    }),
  );

const alarm = program.command('alarm').description('what waits for the operator');
alarm
  .command('list')
  .description('alarms that nobody has cleared')
  .requiredOption(...CONFIG)
  .action((options: { config: string }) =>
    withHall(options, async ({ store }) => {
      const rows = await store.db
        .selectFrom('alarm')
        .selectAll()
        .where('clearedAt', 'is', null)
        .orderBy('id')
        .execute();
      for (const row of rows)
        say(`${row.id}\t${new Date(row.at).toISOString()}\t${row.code}\t${row.subject}\t${row.detail}`);
    }),
  );

alarm
  .command('clear <id>')
  .description('it was dealt with')
  .requiredOption(...CONFIG)
  .action((id: string, options: { config: string }) =>
    withHall(options, async (hall) => {
      const row = await hall.store.db
        .updateTable('alarm')
        .set({ clearedAt: systemClock.wallMs() })
        .where('id', '=', Number(id))
        .where('clearedAt', 'is', null)
        .returning('code')
        .executeTakeFirst();
      if (row === undefined) throw new PjqError('request-malformed', `no standing alarm ${id}`);
      say(`alarm ${id} (${row.code}) cleared`);
    }),
  );

const store = program.command('store').description('the database');
store
  .command('restored')
  .description('say that the database was restored from a backup: a new identity of a higher generation')
  .requiredOption(...CONFIG)
  .action((options: { config: string }) =>
    withHall(options, async (hall) => {
      const identity = await hall.store.db
        .transaction()
        .execute((trx) => hall.store.own.restored(trx, 'said by the operator', 0));
      say(`store ${identity.storeId}, generation ${identity.generation}`);
    }),
  );

program
  .command('verify <database>')
  .description("walk the chains of a terminal's log, a gateway's database or a backup of either")
  .option('--public-key <key...>', 'further keys to check signatures with, raw Ed25519, base64url')
  .option('--source <source>', "hall/terminal, when the database is a terminal's")
  .action((database: string, options: { publicKey?: string[]; source?: string }) => {
    const report = verifyFile(database, {
      suite: nodeSuite,
      publicKeys: options.publicKey ?? [],
      source: options.source,
    });
    for (const chain of report.chains)
      say(
        `${chain.ok ? 'ok' : 'BROKEN'}\t${chain.source} ${chain.epoch}\t${chain.entries} entries\thead ${chain.headHash}\t${chain.verdict}`,
      );
    say(report.ok ? `verified: ${report.chains.length} chains, ${report.entries} entries` : 'NOT VERIFIED');
    if (!report.ok) process.exitCode = 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
