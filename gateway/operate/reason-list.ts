/** `pjq reason-list …`: the list of reasons (标签) that screens show; obeyed by the terminals without a restart. */
import type { Command } from 'commander';
import {
  LEVEL_NAMES,
  LEVELS,
  namedList,
  NATIONAL_LIST,
  PjqError,
  reasonListFileSchema,
  reasonsOf,
  type ReasonList,
} from '../../protocol/index.js';
import { readConfiguration } from '../../protocol/runtime/configuration.js';
import { nodeSuite } from '../../protocol/runtime/node-suite.js';
import { adoptedLists, adoptList, listInForce } from '../reasons/reason-lists.js';
import { CONFIG, say, withHall } from './with-hall.js';

export function reasonListCommands(program: Command): void {
  const lists = program.command('reason-list').description('the list of reasons that screens show');
  lists
    .command('show')
    .description('the list in force')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }) => {
        const list = await listInForce(store.db);
        say(list.id);
        for (const level of LEVELS)
          for (const { code, zh, en } of reasonsOf(level, list.reasons))
            say(`${LEVEL_NAMES[level].zh}\t${code}\t${zh}\t${en}`);
      }),
    );
  lists
    .command('history')
    .description('every list that the hall adopted, and when')
    .requiredOption(...CONFIG)
    .action((options: { config: string }) =>
      withHall(options, async ({ store }) => {
        for (const { id, at } of await adoptedLists(store.db)) say(`${new Date(at).toISOString()}\t${id}`);
      }),
    );
  lists
    .command('use [file]')
    .description('show the list of a file (YAML) from now on')
    .requiredOption(...CONFIG)
    .option('--national', 'the national list, in place of a file')
    .action((file: string | undefined, { config, national }: { config: string; national?: boolean }) =>
      withHall({ config }, async ({ store }) => {
        const list = listOf(file, national === true);
        const isNew = await adoptList({ store, suite: nodeSuite }, list);
        say(isNew ? `${list.id} is shown from the next service on` : `${list.id} is shown already`);
      }),
    );
}

/** @throws PjqError `reason-list-invalid` with every fault at once. */
function listOf(file: string | undefined, national: boolean): ReasonList {
  if (national === (file !== undefined))
    throw new PjqError('reason-list-invalid', 'Name a file, or say --national; one of the two.');
  if (file === undefined) return NATIONAL_LIST;
  const { name, reasons } = readConfiguration(file, reasonListFileSchema, 'reason-list-invalid');
  return namedList(nodeSuite, name, reasons);
}
