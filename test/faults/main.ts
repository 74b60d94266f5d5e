/**
 * The fault suite, on demand:
 *
 *   npm run faults                             the long set: 2,000 faults
 *   npm run faults -- --set short              as in `npm test`
 *   npm run faults -- --class NAME --faults N  one class (several: --class again)
 *   npm run faults -- --break NAME             with one mechanism taken out: must fail
 *   npm run faults -- --list                   classes and breaks
 *
 * `--seed S` chooses the faults, `--write FOLDER` puts the report there (Markdown and JSON), after each class; with
 * `--resume` the classes that stand in it, of the same seed and as permitted, are not run again. Ends with 0 when every
 * class ended within its permitted outcome, else with 1.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BREAKS } from './breaks/breaks.js';
import { PLAN, planOf } from './plan.js';
import { injectedIn, machine, markdown, type Report } from './report.js';
import { runClass, type ClassResult } from './run-class.js';

const { values } = parseArgs({
  options: {
    class: { type: 'string', multiple: true },
    faults: { type: 'string' },
    set: { type: 'string', default: 'long' },
    seed: { type: 'string', default: 'long' },
    break: { type: 'string' },
    write: { type: 'string' },
    resume: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

if (values.list) {
  for (const { fault, short, long } of PLAN)
    console.log(`${fault.name.padEnd(28)} ${String(short).padStart(4)} ${String(long).padStart(5)}  ${fault.title}`);
  for (const { name, does, caughtBy } of BREAKS) console.log(`--break ${name.padEnd(26)} ${does} (${caughtBy})`);
} else {
  process.exitCode = (await run()) ? 0 : 1;
}

async function run(): Promise<boolean> {
  const broken = BREAKS.find(({ name }) => name === values.break);
  if (values.break !== undefined && broken === undefined) throw new Error(`no break ${values.break}: see --list`);
  const names = values.class ?? (broken === undefined ? undefined : [broken.caughtBy]);
  const classes: ClassResult[] = [];
  for (const { fault, short, long } of planOf(names)) {
    const planned = broken?.faults ?? (values.set === 'short' ? short : long);
    const faults = values.faults === undefined ? planned : Number(values.faults);
    const before = earlier().find(({ name }) => name === fault.name);
    const result =
      before ??
      (await runClass(fault, {
        seed: values.seed,
        faults,
        say: (text) => console.log(`  ${fault.name}: ${text}`),
        ...(broken === undefined ? {} : { broken }),
      }));
    classes.push(result);
    const verdict = result.skipped ?? (result.breaches.length === 0 ? 'as permitted' : 'NOT AS PERMITTED');
    console.log(`${fault.name}: ${injectedIn(result)} faults in ${result.seconds} s: ${verdict}`);
    for (const breach of result.breaches.slice(0, 10)) console.log(`  ${breach}`);
    write(classes);
  }
  console.log(markdown(reportOf(classes)));
  return classes.every(({ breaches }) => breaches.length === 0);
}

function reportOf(classes: readonly ClassResult[]): Report {
  const seconds = Math.round(classes.reduce((sum, one) => sum + one.seconds, 0));
  return { seed: values.seed, machine: machine(), seconds, classes };
}

function write(classes: readonly ClassResult[]): void {
  if (values.write === undefined) return;
  mkdirSync(values.write, { recursive: true });
  // What comes after it was there before, and is run again or read again when its turn comes.
  const rest = earlier().filter(({ name }) => !classes.some((one) => one.name === name));
  const report = reportOf([...classes, ...rest]);
  writeFileSync(join(values.write, 'faults.md'), markdown(report));
  // Where the files of a run lay says nothing to a reader.
  const text = JSON.stringify(report, null, 2).replaceAll(`${tmpdir()}/`, '');
  writeFileSync(join(values.write, 'faults.json'), `${text}\n`);
}

/** Classes that ended as permitted in the run that is resumed. */
function earlier(): readonly ClassResult[] {
  const file = join(values.write ?? '', 'faults.json');
  if (!values.resume || values.write === undefined || !existsSync(file)) return [];
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  if (report.seed !== values.seed) return [];
  return report.classes.filter(({ breaches, skipped }) => breaches.length === 0 && skipped === undefined);
}
