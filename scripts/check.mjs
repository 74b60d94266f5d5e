// npm run check: format, lint, types, walls, unused files. Every part runs; the first that fails is told at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const node = process.execPath;
const steps = [
  ['types and walls', [node, 'node_modules/typescript/bin/tsc', '-b']],
  // In two halves, since a linter has one processor only: the tests' half has the types of all the rest to read.
  ['lint of tests', [node, 'node_modules/eslint/bin/eslint.js', 'test']],
  ['lint of programs', [node, 'node_modules/eslint/bin/eslint.js', '.', '--ignore-pattern', 'test/']],
  ['types of tests', [node, 'node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.json', '--noEmit']],
  ['types of scripts', [node, 'node_modules/typescript/bin/tsc', '-p', 'scripts/tsconfig.json', '--noEmit']],
  ['format', [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['generated documents', [node, 'node_modules/tsx/dist/cli.mjs', 'scripts/generate-docs.ts', '--check']],
];

/** Two at a time: the slowest first, the others beside it. @returns the names of those that failed. */
async function run(waiting) {
  const failed = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const [name, [program, ...args]] = step;
      const begun = Date.now();
      const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const said = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
      const [status] = await once(child, 'close');
      process.stdout.write(Buffer.concat(said));
      console.log(`check: ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
      if (status !== 0) failed.push(name);
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

// The others read what the first one writes.
const failed = [...(await run(steps.slice(0, 1))), ...(await run(steps.slice(1)))];
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}
