/** The peers' client packages: a folder of their own, installed when they are first needed, never part of pjq. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const require = createRequire(join(HERE, 'package.json'));

/** @returns why they cannot be had; `null` where they are there. */
export function installPackages(): string | null {
  if (existsSync(join(HERE, 'node_modules', '.package-lock.json'))) return null;
  const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: HERE, encoding: 'utf8' });
  return status === 0 ? null : `npm ci in test/bench/peers: ${stderr.trim().split('\n').at(-1) ?? 'failed'}`;
}

/** One of them. What is used of it is described by the caller: there are no types where it is not installed. */
export function load<T>(name: string): T {
  return require(name) as T;
}
