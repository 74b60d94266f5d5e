/** The report of a fault set: what each class may come to, and what it came to. */
import { cpus, release, totalmem } from 'node:os';
import type { ClassResult } from './run-class.js';

export interface Report {
  readonly seed: string;
  readonly machine: string;
  readonly seconds: number;
  readonly classes: readonly ClassResult[];
}

export const machine = (): string =>
  `${cpus().length} x ${cpus()[0]?.model ?? '?'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}`;

export const injectedIn = ({ injected }: Pick<ClassResult, 'injected'>): number =>
  Object.values(injected).reduce((sum, one) => sum + one, 0);

export function markdown({ seed, machine: on, seconds, classes }: Report): string {
  const ran = classes.filter(({ skipped }) => skipped === undefined);
  const total = ran.reduce((sum, one) => sum + injectedIn(one), 0);
  const failed = ran.filter((one) => one.breaches.length > 0);
  const sum = (of: (one: ClassResult) => number) => ran.reduce((total, one) => total + of(one), 0);
  return [
    '# Faults',
    '',
    `\`npm run faults -- --seed ${seed}\`: ${total} faults of ${ran.length} classes in ${Math.round(seconds / 60)} min, ${on}.`,
    `${sum(({ findings }) => findings.accepted)} presses were accepted, ${sum(({ findings }) => findings.refused)} refused, ${sum(({ findings }) => findings.unknown)} unanswered; ${sum(({ findings }) => findings.entries)} entries were walked.`,
    failed.length === 0
      ? '**Every class ended within its permitted outcome.**'
      : `**Not within the permitted outcome: ${failed.map(({ name }) => name).join(', ')}.**`,
    '',
    'Lost: accepted, and missing somewhere. Doubled: more than once. Wrong: another level, or told "not taken" and standing all the',
    'same. Disordered: not in the order of the presses. Unexplained: anything that nobody pressed, or that no program names.',
    'Named: what the programs themselves declare lost or set aside.',
    '',
    '| class | what is done | may come of it | faults | accepted / refused / unanswered | lost | doubled | wrong | disordered | unexplained | named | s |',
    '|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...classes.map(row),
    '',
    ...ran.flatMap(({ name, breaches }) => (breaches.length === 0 ? [] : [`## ${name}`, '', ...listed(breaches), ''])),
    '## Kinds, and what was met',
    '',
    ...ran.map(
      ({ name, injected, notes = [] }) =>
        `- **${name}**: ${Object.entries(injected)
          .map(([kind, count]) => `${kind} ${count}`)
          .join(', ')}${notes.map((note) => `; ${note}`).join('')}`,
    ),
    '',
  ].join('\n');
}

function row(one: ClassResult): string {
  const { name, title, outcome, skipped, findings, seconds } = one;
  if (skipped !== undefined) return `| ${name} | ${title} | ${outcome} | not run: ${skipped} | | | | | | | | |`;
  const { accepted, refused, unknown, lost, doubled, wrong, disordered, unexplained, named } = findings;
  const counts = [lost, doubled, wrong, disordered, unexplained, named].map(({ length }) => length);
  return `| ${name} | ${title} | ${outcome} | ${injectedIn(one)} | ${accepted} / ${refused} / ${unknown} | ${counts.join(' | ')} | ${seconds} |`;
}

/** Enough of them to look into, not all of a run that went wrong as a whole. */
const SHOWN = 20;

function listed(all: readonly string[]): string[] {
  const more = all.length > SHOWN ? [`- … and ${all.length - SHOWN} more`] : [];
  return [...all.slice(0, SHOWN).map((one) => `- ${one}`), ...more];
}
