/** A report in the folder of evidence. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The page, and the same as data. */
export function writeReport(folder: string, name: string, text: string, data: unknown): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.md`), text);
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(data, null, 1)}\n`);
}
