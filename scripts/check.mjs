// npm run check: format, lint, types, walls, unused files. Every part runs; the first that fails is told at the end.
import { spawnSync } from 'node:child_process';

const node = process.execPath;
const steps = [
  ['types and walls', [node, 'node_modules/typescript/bin/tsc', '-b']],
  ['types of tests', [node, 'node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.json', '--noEmit']],
  ['types of scripts', [node, 'node_modules/typescript/bin/tsc', '-p', 'scripts/tsconfig.json', '--noEmit']],
  ['format', [node, 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['lint', [node, 'node_modules/eslint/bin/eslint.js', '.']],
  ['generated documents', [node, 'node_modules/tsx/dist/cli.mjs', 'scripts/generate-docs.ts', '--check']],
];

const failed = [];
for (const [name, [program, ...args]] of steps) {
  const begun = Date.now();
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  console.log(`check: ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}
