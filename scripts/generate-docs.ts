/**
 * Writes the documents that are made from the source (see documents.ts), or with --check compares them and exits
 * with 1, naming each that is stale.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { documents, GENERATED_FOLDER } from './documents.js';

const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const wanted = documents();
const left = leftOver();

if (process.argv.includes('--check')) {
  const stale = [...wanted].filter(([name, text]) => committed(name) !== text).map(([name]) => name);
  for (const name of stale) console.error(`docs/${name}: is not what the source says; npm run generate writes it`);
  for (const name of left)
    console.error(`docs/${name}: nothing in the source makes it any more; npm run generate removes it`);
  process.exit(stale.length + left.length > 0 ? 1 : 0);
}
for (const [name, text] of wanted) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
for (const name of left) rmSync(join(folder, name));

function committed(name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Files in the folder that holds nothing but generated ones, and that nothing makes any more. */
function leftOver(): string[] {
  mkdirSync(join(folder, GENERATED_FOLDER), { recursive: true });
  return readdirSync(join(folder, GENERATED_FOLDER))
    .map((file) => `${GENERATED_FOLDER}/${file}`)
    .filter((name) => !wanted.has(name));
}
