/**
 * Scenarios: `run FILE…`, `record`, `list`. Exit codes: 0 all passed, 1 something did not come out as expected,
 * 2 a scenario (or the command line) is invalid; then nothing was run.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readPolicy } from '../../protocol/runtime/policy-file.js';
import { explain } from '../../protocol/runtime/program.js';
import { DemoClient } from './demo-client.js';
import { durationSchema } from './duration.js';
import { planScenario, planText } from './plan.js';
import { record } from './record.js';
import { runScenarios } from './run-files.js';
import { readScenario } from './scenario-file.js';
import type { Scenario } from './scenario.js';

const FAILED = 1;
const INVALID = 2;

/** Beside the compiled programs' folder, as in the checkout. */
const beside = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const SHIPPED = beside('simulator/scenarios');
const POLICY = beside('gateway/policies/default.yaml');
const DEMO_URL = 'http://127.0.0.1:7300';

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

interface RunFlags {
  readonly seed?: number;
  readonly board?: 'fast' | 'avr';
  readonly jobs: number;
  readonly keep: boolean;
  readonly dryRun: boolean;
  readonly steps: boolean;
}

interface RecordFlags {
  readonly url: string;
  readonly out?: string;
  readonly for?: number;
  readonly name: string;
  readonly fromStart: boolean;
}

/** @returns `undefined` after every fault of every file was told. */
function readAll(files: readonly string[]): Scenario[] | undefined {
  const { policy } = readPolicy(POLICY);
  let invalid = false;
  const scenarios: Scenario[] = [];
  for (const file of files) {
    const { scenario, faults } = read(file, policy);
    if (scenario !== undefined) scenarios.push(scenario);
    for (const { line, text } of faults) {
      invalid = true;
      complain(`${file}:${line}: ${text}`);
    }
  }
  return invalid ? undefined : scenarios;
}

function read(file: string, policy: ReturnType<typeof readPolicy>['policy']): ReturnType<typeof readScenario> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { scenario: undefined, faults: [{ line: 0, text: `cannot be read: ${(error as Error).message}` }] };
  }
  return readScenario(file, text, policy);
}

/** Aborted by Ctrl-C; a second one ends the program as it stands. */
function interruption(): AbortController {
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  return controller;
}

async function run(files: readonly string[], flags: RunFlags): Promise<number> {
  const scenarios = readAll(files);
  if (scenarios === undefined) return INVALID;
  if (flags.dryRun) {
    for (const scenario of scenarios) process.stdout.write(planText(planScenario(scenario, flags.seed)));
    return 0;
  }
  const { seed, board, keep, jobs, steps } = flags;
  const startMs = performance.now();
  const { signal: end } = interruption();
  const failed = await runScenarios(scenarios, { seed, board, keep, jobs, steps, end, say });
  say(
    `${scenarios.length - failed} of ${scenarios.length} passed in ${Math.round((performance.now() - startMs) / 1_000)} s`,
  );
  return failed === 0 ? 0 : FAILED;
}

async function recordDemo(flags: RecordFlags): Promise<number> {
  const ending = interruption();
  const timer = flags.for === undefined ? undefined : setTimeout(() => ending.abort(), flags.for);
  try {
    const yaml = await record(new DemoClient(Number(new URL(flags.url).port || '80')), {
      name: flags.name,
      fromStart: flags.fromStart,
      end: ending.signal,
      began: () => complain(`recording what is done at ${flags.url}; Ctrl-C ends it`),
      heard: ({ atMs: _at, ...step }) => complain(`  ${JSON.stringify(step)}`),
    });
    if (yaml === undefined) {
      complain('nothing was done');
      return FAILED;
    }
    if (flags.out === undefined) process.stdout.write(yaml);
    else writeFileSync(flags.out, yaml);
    return 0;
  } finally {
    clearTimeout(timer);
  }
}

function list(): number {
  const files = readdirSync(SHIPPED).filter((name) => name.endsWith('.yaml'));
  const scenarios = readAll(files.sort().map((name) => join(SHIPPED, name)));
  if (scenarios === undefined) return INVALID;
  for (const { file, title } of scenarios) say(`${basename(file)}\n    ${title.zh}\n    ${title.en}`);
  return 0;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`);
    return value;
  };
}

function duration(text: string): number {
  const parsed = durationSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'must be a duration');
  return parsed.data;
}

function loopbackUrl(text: string): string {
  if (!/^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/?$/.test(text))
    throw new InvalidArgumentError('must be an address on this machine, such as http://127.0.0.1:7300');
  return text;
}

/** Answers the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command('pjq-sim')
    .description('scenarios of a simulated hall: steps, faults, expectations (docs/scenarios.md)')
    .exitOverride();
  program
    .command('run')
    .description('run scenarios, each in a hall of its own or one that others of its kind share')
    .argument('<file...>')
    .option('--seed <n>', "in place of the scenarios' own", wholeNumber(0, 0xffff_ffff))
    .addOption(new Option('--board <kind>', "in place of the scenarios' own").choices(['fast', 'avr']))
    .option('--jobs <n>', 'how many halls may run at one time', wholeNumber(1, 8), 1)
    .option('--keep', "keep the halls' data", false)
    .option('--steps', 'tell each step when it is over', false)
    .option('--dry-run', 'print what would be done, and do nothing', false)
    .action(async (files: string[], flags: RunFlags) => void (code = await run(files, flags)));
  program
    .command('record')
    .description('write a scenario from what is done in a running demo, until Ctrl-C')
    .option('--url <address>', 'the demo', loopbackUrl, DEMO_URL)
    .option('--out <file>', 'where to; standard output without')
    .option('--for <duration>', 'end by itself after so long, e.g. 30s', duration)
    .option('--name <name>', "the scenario's name", 'recorded')
    .option('--from-start', 'with what was done since the demo started', false)
    .action(async (flags: RecordFlags) => void (code = await recordDemo(flags)));
  program
    .command('list')
    .description('the scenarios that ship')
    .action(() => void (code = list()));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : INVALID;
    complain(explain(error));
    return FAILED;
  }
}

process.exitCode = await main(process.argv.slice(2));
