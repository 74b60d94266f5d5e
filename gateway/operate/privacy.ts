/** `pjq privacy …`: a person's request to see or to erase what is held of them, and the keys that their data is sealed with. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { PjqError } from '../../protocol/index.js';
import { writeFileAtomic } from '../../protocol/runtime/atomic-file.js';
import { systemClock } from '../../protocol/runtime/node-suite.js';
import type { GatewayConfiguration } from '../configuration.js';
import { eraseServices } from '../evaluator/erase.js';
import { EvaluatorSafe } from '../evaluator/evaluator-safe.js';
import { findPerson } from '../evaluator/find-person.js';
import { heldData } from '../evaluator/held-data.js';
import type { KeyRing } from '../evaluator/key-ring.js';
import { openRing, type EvaluatorSettings } from '../evaluator/open-safe.js';
import { addKey, forgetKey, rewrapAll } from '../evaluator/rotation.js';
import { clearTraces } from '../evaluator/traces.js';
import type { Store } from '../store/store.js';
import { BY, CONFIG, say, withHall } from './with-hall.js';

interface Who {
  readonly phone?: string;
  readonly document?: string;
  readonly service?: string;
}

/** What a person gives is asked for on standard input rather than on the command line, where others may read it. */
const WHO = [
  ['--phone <number>', 'of this phone number; - reads it from standard input'],
  ['--document <number>', 'of this document number; - reads it from standard input'],
  ['--service <serviceId>', 'of this service'],
] as const;
const STDIN = 0;
/** Services a transaction: the commits of the gateway go between. */
const ERASE_STEP = 50;

export function privacyCommands(program: Command): void {
  const privacy = program.command('privacy').description("evaluators' data: requests of persons, and the keys");
  exportCommand(privacy);
  eraseCommand(privacy);
  keyCommands(privacy);
}

function exportCommand(privacy: Command): void {
  const command = privacy
    .command('export')
    .description('what is held of a person, with their ratings, as JSON; that it was seen is written to the log')
    .requiredOption('--purpose <text>', 'why it is looked at, without naming the person')
    .requiredOption(...BY)
    .option('--out <file>', 'write it there, readable by its owner only');
  for (const [flag, text] of WHO) command.option(flag, text);
  command
    .requiredOption(...CONFIG)
    .action((options: Who & { purpose: string; by: string; out?: string; config: string }) =>
      withRing(options, async ({ store, ring }) => {
        const { serviceIds } = await servicesOf(store, ring, options);
        const safe = new EvaluatorSafe({ store, ring, clock: systemClock });
        const text = JSON.stringify(await heldData(store, safe, serviceIds, options), null, 2);
        if (options.out === undefined) say(text);
        else {
          writeFileAtomic(options.out, `${text}\n`, 0o600);
          say(`${serviceIds.length} services written to ${options.out}`);
        }
      }),
    );
}

function eraseCommand(privacy: Command): void {
  const command = privacy
    .command('erase')
    .description("erase the data and the texts of a person; ratings stay, and are nobody's");
  for (const [flag, text] of WHO) command.option(flag, text);
  command.requiredOption(...CONFIG).action((options: Who & { config: string }) =>
    withRing(options, async ({ store, ring, config }) => {
      const { serviceIds } = await servicesOf(store, ring, options);
      let erased = 0;
      for (let from = 0; from < serviceIds.length; from += ERASE_STEP) {
        const step = serviceIds.slice(from, from + ERASE_STEP);
        erased += await store.db
          .transaction()
          .execute(async (trx) => (await eraseServices(trx, store, step, 'asked', systemClock.wallMs())).length);
      }
      say(`${serviceIds.length} services found, data of ${erased} erased`);
      if (!(await clearTraces(store, config.dataDir)))
        say('the write-ahead log is in use; the gateway clears it at its next look');
      if (erased > 0) say('older backups still hold it sealed: `pjq privacy rotate`, then `pjq privacy forget-key`');
    }),
  );
}

function keyCommands(privacy: Command): void {
  privacy
    .command('rotate')
    .description('make a new wrapping key, and wrap every data key with it; works beside the gateway')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withRing(options, async ({ store, evaluator, config }) => {
        const keyId = addKey(evaluator.keyFile, evaluator.suite, systemClock.wallMs());
        const { rewrapped, unopened } = await rewrapAll(store, evaluator.keyFile);
        await clearTraces(store, config.dataDir);
        say(`key ${keyId} is active, ${rewrapped} data keys wrapped with it`);
        sayUnopened(unopened);
      }),
    );
  privacy
    .command('keys')
    .description('ids of the wrapping keys, the oldest first; never the keys')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withRing(options, async ({ ring }) => {
        const active = ring.active().id;
        for (const id of ring.ids()) say(id === active ? `${id}\tactive` : id);
      }),
    );
  privacy
    .command('forget-key <keyId>')
    .description('take a key out of the ring: what older backups hold under it opens nowhere any more')
    .requiredOption(...CONFIG)
    .action((keyId: string, options: { config: string }) =>
      withRing(options, async ({ store, evaluator }) => {
        // What the gateway has sealed since the rotation, with what it knew then.
        sayUnopened((await rewrapAll(store, evaluator.keyFile)).unopened);
        await forgetKey(store, evaluator.keyFile, keyId);
        say(`key ${keyId} is gone`);
      }),
    );
}

interface WithRing {
  readonly store: Store;
  readonly ring: KeyRing;
  readonly evaluator: EvaluatorSettings;
  readonly config: GatewayConfiguration;
}

/** @throws PjqError `evaluator-unsupported` where the configuration names no ring. */
function withRing(options: { config: string }, work: (parts: WithRing) => Promise<void>): Promise<void> {
  return withHall(options, async ({ store }, config) => {
    const { evaluator, dataDir } = config;
    if (evaluator === undefined) throw new PjqError('evaluator-unsupported');
    await work({ store, evaluator, config, ring: await openRing(evaluator, dataDir, store, systemClock) });
  });
}

async function servicesOf(
  store: Store,
  ring: KeyRing,
  { phone, document, service }: Who,
): Promise<{ serviceIds: readonly string[] }> {
  if ([phone, document, service].filter((one) => one !== undefined).length !== 1)
    throw new PjqError('request-malformed', 'Exactly one of --phone, --document and --service must be given.');
  if (service !== undefined) return { serviceIds: [service] };
  const mark = {
    ...(phone === undefined ? {} : { phone: given(phone) }),
    ...(document === undefined ? {} : { documentNo: given(document) }),
  };
  const { serviceIds, unopened } = await findPerson(store, ring, mark);
  sayUnopened(unopened);
  return { serviceIds };
}

function given(value: string): string {
  return value === '-' ? readFileSync(STDIN, 'utf8').trim() : value;
}

function sayUnopened(serviceIds: readonly string[]): void {
  if (serviceIds.length > 0)
    process.stderr.write(
      `${serviceIds.length} services do not open (key missing, or altered): ${serviceIds.slice(0, 10).join(' ')}\n`,
    );
}
