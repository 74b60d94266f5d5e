import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SHIPPED, sim } from './scenario-text.js';

const shipped = readdirSync(SHIPPED).filter((name) => name.endsWith('.yaml'));

/** @returns those that did not pass, and what was told. All in one run, so that scenarios which ask for the same hall share it. */
async function failing(names: readonly string[], ...flags: string[]): Promise<{ failed: string[]; told: string }> {
  const { out, err } = await sim('run', ...flags, ...names.map((name) => join(SHIPPED, name)));
  const passed = [...out.matchAll(/^pass {2}(\S+) /gm)].map(([, name]) => `${name}.yaml`);
  return { failed: names.filter((name) => !passed.includes(name)), told: out + err };
}

/** Fingers and lamps are timed: where a machine did too much at a time, those that failed have a second try with it alone. */
async function passes(names: readonly string[], ...flags: string[]): Promise<void> {
  const { failed, told } = await failing(names, '--jobs', '2', ...flags);
  if (failed.length === 0) return;
  console.warn(`tried again: ${failed.join(', ')}\n${told}`);
  expect(await failing(failed, ...flags)).toMatchObject({ failed: [] });
}

test('at least twenty ship, each in a file of its name', async () => {
  expect(shipped.length).toBeGreaterThanOrEqual(20);
  const { code, out } = await sim('list');
  expect(code).toBe(0);
  expect([...out.matchAll(/^(\S+\.yaml)$/gm)].map(([, name]) => name)).toEqual([...shipped].sort());
});

test('every one of them passes with the fast board', { timeout: 600_000, retry: 0 }, () =>
  passes(shipped, '--board', 'fast'),
);

test('some of them pass with the genuine firmware', { timeout: 300_000, retry: 0 }, () =>
  passes(
    ['each-level-by-key.yaml', 'board-pulled-in-a-session-and-back.yaml', 'a-board-that-resets-in-a-session.yaml'],
    '--board',
    'avr',
  ),
);
