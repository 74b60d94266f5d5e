import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SHIPPED, sim } from './scenario-text.js';

const shipped = readdirSync(SHIPPED).filter((name) => name.endsWith('.yaml'));

/** All in one run, so that scenarios which ask for the same hall share it. */
async function passes(names: readonly string[], ...flags: string[]): Promise<void> {
  const { out, err } = await sim('run', '--jobs', '2', ...flags, ...names.map((name) => join(SHIPPED, name)));
  const passed = [...out.matchAll(/^pass {2}(\S+) /gm)].map(([, name]) => `${name}.yaml`);
  expect({ failed: names.filter((name) => !passed.includes(name)), told: out + err }).toMatchObject({ failed: [] });
}

test('at least twenty ship, each in a file of its name', async () => {
  expect(shipped.length).toBeGreaterThanOrEqual(20);
  const { code, out } = await sim('list');
  expect(code).toBe(0);
  expect([...out.matchAll(/^(\S+\.yaml)$/gm)].map(([, name]) => name)).toEqual([...shipped].sort());
});

test('every one of them passes with the fast board', { timeout: 600_000 }, () => passes(shipped, '--board', 'fast'));

test('some of them pass with the genuine firmware', { timeout: 300_000 }, () =>
  passes(
    ['each-level-by-key.yaml', 'board-pulled-in-a-session-and-back.yaml', 'a-board-that-resets-in-a-session.yaml'],
    '--board',
    'avr',
  ),
);
