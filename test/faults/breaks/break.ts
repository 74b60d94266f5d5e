/**
 * A break: one mechanism taken out of the compiled programs, to see that the fault that it guards against is then
 * found. The programs themselves know nothing of it: a copy of them is changed in one place.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../../support/program.js';

export interface Change {
  /** Compiled file, from the root of the checkout. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Break {
  /** Kebab-case: the mechanism that is missing then. */
  readonly name: string;
  /** What the broken program does. */
  readonly does: string;
  readonly changes: readonly Change[];
  /** The class of faults that must fail then, and how many of them are enough. */
  readonly caughtBy: string;
  readonly faults: number;
  /** Why `npm test` tries it with `PJQ_EVERY_BREAK=1` only. */
  readonly byHand?: string;
}

/**
 * Makes a copy of the programs with a break in it.
 * @returns its root.
 * @throws when the place is not to be found, or not once: then the break is out of date.
 */
export function brokenCopy({ name, changes }: Pick<Break, 'name' | 'changes'>, folder: string): string {
  const root = join(folder, `broken-${name}`);
  mkdirSync(join(root, 'device'), { recursive: true });
  for (const entry of readdirSync(CHECKOUT))
    if (!['dist', '.git', 'device'].includes(entry)) symlinkSync(join(CHECKOUT, entry), join(root, entry));
  // The launcher looks for the program beside itself.
  cpSync(join(CHECKOUT, 'device/pjq-device'), join(root, 'device/pjq-device'));
  cpSync(join(CHECKOUT, 'dist'), join(root, 'dist'), { recursive: true });
  for (const { file, find, replace } of changes) {
    const path = join(root, file);
    const text = readFileSync(path, 'utf8');
    const places = text.split(find).length - 1;
    if (places !== 1) throw new Error(`break ${name} is out of date: its place stands ${places} times in ${file}`);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
  }
  return root;
}
